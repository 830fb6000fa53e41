import { cluster, expect, fails, plugin, ref, test, type View } from "@lazyoc/plugin/testing";

const tab = "lazyoc.log-patterns.pod";

/** A pod whose container writes these lines over and over, in any order. */
async function podThatWrites(...lines: string[]) {
  await cluster.apply({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "printer", namespace: "bookstore", annotations: { "simulator.lazyoc.dev/log": lines.join("\n") } },
    spec: { containers: [{ name: "printer", image: "quay.io/example/printer:1.2" }] },
  });
  await cluster.advance(120);
  return ref("Pod", "printer", "bookstore");
}

/** The view of a pod whose log holds these lines. */
async function viewOf(lines: string[]) {
  await plugin.start({ faults: [{ call: "kubernetes.logs", answer: { lines } }] });
  return plugin.tab(tab, await podThatWrites("nothing"));
}

/** The cells of one column of the view's table. */
async function cells(view: View, column: number): Promise<string[]> {
  const content = await view.content();
  const table = content.type === "stack" ? content.children.find((child) => child.type === "table") : undefined;
  return table?.type === "table" ? table.rows.map((row) => row.cells[column]!.text) : [];
}

const patterns = (view: View) => cells(view, 4);

/** A word of five letters, another one for each number. */
const word = (n: number) => Array.from({ length: 5 }, (_, i) => "abcdefghij"[Math.floor(n / 10 ** i) % 10]).join("");

test("finds the patterns of a pod's log", async () => {
  await plugin.start();
  const often = "GET /books/{n} took {ms} ms";
  await (await plugin.tab(tab, await podThatWrites(often, often, often, "ERROR cannot reach 10.0.0.{ms}:5432"))).golden("patterns");
});

test("puts rare and new patterns first when asked, and shows an example", async () => {
  const view = await viewOf(["2026-01-15T09:30:00Z WARN slow", ...Array.from({ length: 40 }, (_, i) => `2026-01-15T09:${10 + i}:00Z request ${i} by user-${i}x done`), "started http2 server"]);
  expect(await patterns(view)).toEqual(["<*> request <*> by <*> done", "started http2 server", "<*> WARN slow"]);
  await view.press("rare");
  expect(await patterns(view)).toEqual(["started http2 server", "<*> WARN slow", "<*> request <*> by <*> done"]);
  await view.press("newest");
  expect((await patterns(view))[0]).toBe("started http2 server");
  expect(await cells(view, 2)).toEqual(["line 42", "09:10:00", "09:30:00"]);
  await view.activate("patterns", "2");
  await view.golden("pattern");
  await view.press("back");
  expect((await patterns(view)).length).toBe(3);
});

test("reads the containers of all pods of a workload", async () => {
  await plugin.start();
  const view = await plugin.tab("lazyoc.log-patterns.deployment", ref("apps/Deployment", "cart", "bookstore"));
  expect(await view.text()).toContain("request");
  for (const [kind, name] of [["StatefulSet", "none"], ["DaemonSet", "none"], ["ReplicaSet", "none"]] as const)
    await fails(plugin.tab(`lazyoc.log-patterns.${kind.toLowerCase()}`, ref(`apps/${kind}`, name, "bookstore")), "not-found");
  await fails(plugin.tab("lazyoc.log-patterns.job", ref("batch/Job", "none", "bookstore")), "not-found");
});

test("dims frequent lines, and no warnings, once it has seen enough", async () => {
  await plugin.start();
  const lines = Array.from({ length: 60 }, (_, i) => `GET /books/${i * 7} 200 \u00e9 "${i}"`);
  const dim = async (...more: string[]) => (await plugin.logLines(ref("Pod", "any", "bookstore"), [...lines, ...more])).slice(-1 - more.length);
  expect(await dim("a line of its own", "WARN GET /books/1 200")).toEqual([
    [{ text: lines[59]!, style: "muted" }],
    [{ text: "a line of its own", style: "plain" }],
    [{ text: "WARN GET /books/1 200", style: "plain" }],
  ]);
});

test("keeps its memory bounded, whatever is written", async () => {
  const view = await viewOf(Array.from({ length: 4_000 }, (_, i) => `${word(i)} ${word(i * 7)} ${word(i * 13)}`));
  const text = await view.text();
  expect(text).toContain("4,000 lines in 512 patterns");
  expect(text).toContain("were forgotten");
  expect((await patterns(view)).length).toBe(200);
});

test("takes lines of any length and of any characters", async () => {
  const view = await viewOf(["x".repeat(500_000), "y ".repeat(50_000), "", " \t ", "\u0000\u001b[31mred\u0007", '"quoted\\"', "😀".repeat(600), "<*> <*>"]);
  const found = await patterns(view);
  // Words that are too long to keep are one word: the first line and that of emoji.
  expect(found.map((pattern) => pattern.slice(0, 10)).sort()).toEqual(['"quoted\\"', "<*> <*>", "[<*>", "y y y y y ", "…"].sort());
  expect(found.every((pattern) => pattern.length <= 640)).toBe(true);
});

test("is refused when the user does not let it read logs", async () => {
  await plugin.start({ withhold: ["kubernetes[1]"] });
  await fails(plugin.tab(tab, await podThatWrites("a line")), "permission-denied");
});
