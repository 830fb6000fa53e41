import { cluster, expect, plugin, test } from "@lazyoc/plugin/testing";
import { applyBuild, applyRun, boardPage, ci, failed, shows, until, wholeBoard } from "./given.js";

test("board: builds, pipelines and applications, the most urgent first", async () => {
  await plugin.start({ width: 116 });
  await (await wholeBoard()).golden("board");
});

test("board: goes on by itself as the cluster does, and asks for nothing again", async () => {
  await plugin.start({ width: 116 });
  const board = await wholeBoard();
  await applyBuild("made-here-1", { phase: "Running", startTimestamp: "2026-01-15T09:29:00Z" });
  await shows(board, "made-here");
  const lists = (await plugin.calls()).filter(({ call }) => call === "kubernetes.list" || call === "kubernetes.get" || call === "kubernetes.watch").length;
  await applyBuild("made-here-1", { phase: "Complete", startTimestamp: "2026-01-15T09:29:00Z", completionTimestamp: "2026-01-15T09:29:40Z" });
  await shows(board, "40s");
  await cluster.delete("build.openshift.io/v1", "Build", "made-here-1", ci);
  await until(board, () => board.text(), (text) => !text.includes("made-here"));
  expect((await plugin.calls()).filter(({ call }) => call === "kubernetes.list" || call === "kubernetes.get" || call === "kubernetes.watch").length).toBe(lists);
});

test("board: a cluster without any of the three has nothing to watch", async () => {
  await plugin.start({ scenario: "empty", faults: [{ call: "kubernetes.discover", answer: { resources: [] } }] });
  await shows(await plugin.page(boardPage), "This cluster has no OpenShift builds, no Tekton and no Argo CD");
  expect((await plugin.calls("kubernetes.watch")).length).toBe(0);
});

test("board: what may not be watched is said, and the rest is there", async () => {
  await plugin.start({ withhold: ["kubernetes[1]"] });
  const board = await plugin.page(boardPage);
  await until(board, () => board.text(), (text) => /▲ Pipeline: is not watched: .*\s+.*▲ Task: /s.test(text) && text.includes("DockerBuildFailed"));
});

test("board: only the namespaces that the user names", async () => {
  await plugin.start({ settings: { namespaces: "bookstore bookstore-data" } });
  await shows(await plugin.page(boardPage), "No builds, pipelineruns, taskruns, applications here yet");
  expect((await plugin.calls("kubernetes.watch")).map(({ args }) => args["namespace"])).toEqual(["bookstore", "bookstore-data", "bookstore", "bookstore-data", "bookstore", "bookstore-data", "bookstore", "bookstore-data"]);
});

test("board: hostile objects change nothing but their own line", async () => {
  await plugin.start({ width: 160 });
  const board = await wholeBoard();
  const before = (await board.text()).split("\n");
  await applyRun("no-status-at-all", {}, {});
  await applyRun("status-of-another-kind", { conditions: "gone", startTime: 12, completionTime: [] }, { pipelineRef: "text" });
  await applyRun("times-from-nowhere", { ...failed("Failed", "\u001b[2J\u001b]0;owned\u0007\u202eright to left\nsecond line"), startTime: "9999-12-31T23:59:59Z", completionTime: "0001-01-01T00:00:00Z" }, {});
  await applyRun("ends-before-it-begins", { ...failed("Failed"), startTime: "2026-01-15T09:20:00Z", completionTime: "2026-01-15T09:00:00Z" }, {});
  await applyBuild("phase-of-its-own", { phase: "__proto__", reason: { a: 1 }, message: ["x"] }, { labels: { buildconfig: "phase-of-its-own" } });
  await applyBuild("a-very-long-message", { phase: "Error", message: "long ".repeat(20_000) }, { labels: { buildconfig: "a-very-long-message" } });
  await shows(board, "a-very-long-message");
  const after = (await board.text()).split("\n");
  for (const line of before.filter((row) => row.includes(ci))) expect(after.map((row) => row.replace(/\s+/g, " "))).toContain(line.replace(/\s+/g, " "));
  expect(/[\u0000-\u0009\u000b-\u001f\u202e]/.test(after.join("\n"))).toBe(false);
});
