import { cluster, expect, plugin, test } from "@lazyoc/plugin/testing";
import { application, applyBuild, applyRun, ci, failed, notices, shows, until, wholeBoard } from "./given.js";

const published = () => plugin.calls("events.publish");

test("failures: are told once, and those from before never", async () => {
  await plugin.start({ width: 160 });
  const board = await wholeBoard();
  expect(await notices()).toEqual([]);
  await applyBuild("made-here-1", { phase: "Failed", reason: "PushImageToRegistryFailed" });
  await until(board, notices, ({ length }) => length === 1);
  await applyBuild("made-here-1", { phase: "Failed", reason: "PushImageToRegistryFailed", message: "it says more now" });
  await shows(board, "it says more now");
  // What was failing before the plugin came is changed, and is no news.
  const old = await cluster.get<{ metadata: object; spec: object; status: object }>("build.openshift.io/v1", "Build", "storefront-7", ci);
  await cluster.apply({ ...old, status: { ...old!.status, message: "an old failure" } });
  await shows(board, "an old failure");
  expect((await notices()).map(({ text, style }) => `${style} ${text}`)).toEqual(["error ✗ Build made-here-1 has failed: PushImageToRegistryFailed"]);
  const [event] = await published();
  expect((await published()).length).toBe(1);
  expect(event!.args["topic"]).toBe("lazyoc.cicd-monitor.failed");
  expect((event!.args["data"] as { object: { name: string }; line: string; reason: string }).line).toBe("made-here");
});

test("failures: the settings say what the user is told of, and other plugins are told all", async () => {
  await plugin.start({ width: 160, settings: { notifyPipelines: false } });
  const board = await wholeBoard();
  await applyRun("quiet-1", failed("Failed", "lint has found something"));
  await applyBuild("loud-1", { phase: "Error" });
  await until(board, published, ({ length }) => length === 2);
  expect((await notices()).map(({ text }) => text)).toEqual(["✗ Build loud-1 has failed"]);
});

test("failures: a sync that fails is told as well", async () => {
  await plugin.start({ width: 160 });
  const board = await wholeBoard();
  const data = await cluster.get<{ status: object }>("argoproj.io/v1alpha1", "Application", "bookstore-data", ci);
  await cluster.apply({ ...data, status: { ...data!.status, operationState: { phase: "Failed", message: "one or more objects failed to apply", startedAt: "2026-01-15T09:29:00Z", finishedAt: "2026-01-15T09:29:30Z" } } });
  await shows(board, "one or more objects failed to apply");
  expect((await until(board, notices, ({ length }) => length > 0)).map(({ text }) => text)).toEqual([`✗ application ${application("bookstore-data").name} has failed: Sync failed: one or more objects failed to apply`]);
});

test("failures: the board stands when nobody may be told", async () => {
  await plugin.start({ width: 160, faults: [{ call: "ui.notify", code: "quota-exceeded" }, { call: "events.publish", code: "permission-denied" }] });
  const board = await wholeBoard();
  await applyBuild("made-here-1", { phase: "Failed" });
  await shows(board, "made-here");
  await until(board, published, ({ length }) => length === 1);
  await shows(board, "DockerBuildFailed");
});
