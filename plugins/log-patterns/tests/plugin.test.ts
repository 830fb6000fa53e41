import { cluster, expect, fails, plugin, ref, test, type View } from "@lazyoc/plugin/testing";

const tab = "lazyoc.log-patterns.pod";

/** A pod whose container writes these lines over and over, in any order. */
async function podThatWrites(lines: string[], name = "printer") {
  await cluster.apply({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "bookstore", labels: { app: name }, annotations: { "simulator.lazyoc.dev/log": lines.join("\n") } },
    spec: { containers: [{ name: "printer", image: "quay.io/example/printer:1.2" }] },
  });
  await cluster.advance(120);
  return ref("Pod", name, "bookstore");
}

/** The rows of the view's table. */
async function rows(view: View): Promise<string[]> {
  const content = await view.content();
  const table = content.type === "stack" ? content.children.find((child) => child.type === "table") : undefined;
  return table?.type === "table" ? table.rows.map((row) => row.cells.map((cell) => cell.text).join(" | ")) : [];
}

test("finds the patterns of a pod's log", async () => {
  await plugin.start();
  const view = await plugin.tab(tab, await podThatWrites(["GET /books/{n} took {ms} ms", "GET /books/{n} took {ms} ms", "GET /books/{n} took {ms} ms", "ERROR cannot reach 10.0.0.{ms}:5432"]));
  await view.golden("patterns");
});
