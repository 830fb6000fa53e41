import { cluster, expect, fails, plugin, test } from "@lazyoc/plugin/testing";
import { application, applyBuild, applyRun, build, ci, notices, pipelineRun, shows, wholeBoard } from "./given.js";

interface Made {
  metadata: { name: string; labels?: Record<string, string>; annotations?: Record<string, string>; ownerReferences?: { name: string }[] };
  spec: Record<string, unknown>;
  status?: Record<string, unknown>;
  operation?: object;
}

const action = (name: string) => `lazyoc.cicd-monitor.${name}`;
const runs = () => cluster.list<Made>("tekton.dev/v1", "PipelineRun", ci);
const builds = () => cluster.list<Made>("build.openshift.io/v1", "Build", ci);
const writes = async () => (await plugin.calls()).filter(({ call }) => call === "kubernetes.create" || call === "kubernetes.patch");

test("changes: a run is made again of what it was told to do", async () => {
  await plugin.start({ confirm: true });
  await cluster.apply({
    apiVersion: "tekton.dev/v1", kind: "PipelineRun",
    metadata: { name: "release-x7k2p", namespace: ci, labels: { team: "shop", "tekton.dev/pipeline": "release" }, annotations: { note: "keep", "results.tekton.dev/record": "no", "kubectl.kubernetes.io/last-applied-configuration": "{}" } },
    spec: { pipelineRef: { name: "release" }, params: [{ name: "revision", value: "main" }], status: "Cancelled" },
    status: { startTime: "2026-01-15T09:00:00Z" },
  });
  await plugin.action(action("rerun"), [pipelineRun("release-x7k2p")]);
  const made = (await runs()).find(({ metadata }) => metadata.name.startsWith("release-") && metadata.name !== "release-x7k2p")!;
  expect(made.metadata.name).toMatch(/^release-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
  expect(made.spec).toEqual({ pipelineRef: { name: "release" }, params: [{ name: "revision", value: "main" }] });
  expect(made.metadata.labels).toEqual({ team: "shop" });
  expect(made.metadata.annotations).toEqual({ note: "keep" });
  expect(made.status).toBe(undefined);
  expect((await plugin.shown()).map(({ what, text }) => `${what} ${text}`)).toEqual([
    "confirm Run PipelineRun release-x7k2p again? A new run is made of what it was told to do.",
    `notify PipelineRun release-x7k2p runs again as ${made.metadata.name}`,
  ]);
});

test("changes: a build is made again, and stays its config's", async () => {
  await plugin.start({ confirm: true });
  const before = (await builds()).length;
  await plugin.action(action("rerun"), [build("storefront-7")]);
  const made = (await builds()).find(({ metadata }) => metadata.name.startsWith("storefront-7-"))!;
  expect((await builds()).length).toBe(before + 1);
  expect(made.metadata.labels).toEqual({ buildconfig: "storefront" });
  expect(made.metadata.annotations).toEqual({ "openshift.io/build.clone-of": "storefront-7" });
  expect(made.metadata.ownerReferences!.map(({ name }) => name)).toEqual(["storefront"]);
  expect(made.spec["triggeredBy"]).toEqual([{ message: "Run again in LazyOC" }]);
});

test("changes: cancels as the controllers of each kind understand it", async () => {
  await plugin.start({ confirm: true });
  await applyBuild("made-here-1", { phase: "Running" });
  await applyRun("made-here-1", { startTime: "2026-01-15T09:00:00Z" });
  await plugin.action(action("cancel"), [build("made-here-1"), pipelineRun("made-here-1")]);
  expect((await builds()).find(({ metadata }) => metadata.name === "made-here-1")!.status!["cancelled"]).toBe(true);
  expect((await runs()).find(({ metadata }) => metadata.name === "made-here-1")!.spec["status"]).toBe("CancelledRunFinally");
  expect((await notices()).length).toBe(2);
  await plugin.action(action("cancel"), [build("storefront-7")]);
  expect((await plugin.shown()).at(-1)!.text).toBe("Build storefront-7 is over already");
});

test("changes: syncs, refreshes and stops an application", async () => {
  await plugin.start({ confirm: true });
  const now = async () => (await cluster.get<Made>("argoproj.io/v1alpha1", "Application", "bookstore", ci))!;
  await plugin.action(action("refresh"), [application("bookstore")]);
  expect((await now()).metadata.annotations).toEqual({ "argocd.argoproj.io/refresh": "normal" });
  await plugin.action(action("sync"), [application("bookstore")]);
  expect((await now()).operation).toEqual({ initiatedBy: { username: "LazyOC" }, info: [{ name: "Reason", value: "Started in LazyOC" }], sync: {} });
  await plugin.action(action("cancel"), [application("bookstore")]);
  expect((await notices()).map(({ text }) => text)).toContain("application bookstore is over already");
  await cluster.advance();
  await plugin.action(action("cancel"), [application("bookstore")]);
  expect(((await now()).status!["operationState"] as { phase: string }).phase).toBe("Terminating");
});

test("changes: nothing without a yes, in rows and in actions", async () => {
  await plugin.start({ confirm: false });
  await plugin.action(action("rerun"), [build("storefront-7"), pipelineRun("catalog-build-m4q9d")]);
  await plugin.action(action("cancel"), [pipelineRun("storefront-build-9w4tz")]);
  for (const name of ["sync", "refresh"]) await plugin.action(action(name), [application("bookstore")]);
  const board = await wholeBoard();
  await board.rowAction("lines", JSON.stringify(["build", ci, "storefront"]), "rerun");
  expect(await writes()).toEqual([]);
  expect((await plugin.shown()).filter(({ what }) => what === "confirm").length).toBe(5);
});

test("changes: a row of the board is run again, opened, and told when it does not suit", async () => {
  await plugin.start({ confirm: true });
  const board = await wholeBoard();
  await board.rowAction("lines", JSON.stringify(["pipeline", ci, "catalog-build"]), "rerun");
  await shows(board, "waiting");
  await board.rowAction("lines", JSON.stringify(["build", ci, "storefront"]), "sync");
  expect((await notices()).map(({ text }) => text)).toContain("This cannot be done with a Build");
  await plugin.command(action("open"));
  await board.activate("lines", JSON.stringify(["application", ci, "bookstore"]));
  expect((await plugin.shown()).at(-1)!.what).toBe("open");
});

test("changes: who may only look changes nothing, and is told so", async () => {
  await plugin.start({ confirm: true, readOnly: true });
  const board = await wholeBoard();
  await board.rowAction("lines", JSON.stringify(["build", ci, "storefront"]), "rerun");
  expect((await notices()).map(({ text }) => text).join()).toMatch(/^Build storefront-7: .*read-only/);
  expect((await writes()).map(({ outcome }) => outcome)).toEqual(["permission-denied"]);
});

test("changes: without its permission nothing is made", async () => {
  await plugin.start({ confirm: true, withhold: ["kubernetes[1]"] });
  const before = (await runs()).length;
  await plugin.action(action("rerun"), [pipelineRun("catalog-build-m4q9d")]);
  expect((await runs()).length).toBe(before);
  expect((await notices()).map(({ style }) => style)).toEqual(["error"]);
  await fails(plugin.action(action("nothing"), [build("storefront-7")]), "not-found");
});
