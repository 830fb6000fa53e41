import { cluster, expect, plugin, ref, test } from "@lazyoc/plugin/testing";
import { application, applyRun, applyTask, build, ci, failed, pipelineRun, shows, taskRun, until } from "./given.js";

const tab = (name: string) => `lazyoc.cicd-monitor.${name}`;

test("run: a pipeline's tasks in order, the failed step and its log, and the runs before", async () => {
  await plugin.start({ width: 110 });
  const view = await plugin.tab(tab("pipeline"), pipelineRun("catalog-build-m4q9d"));
  await shows(view, "Latest runs");
  await view.golden("pipeline-failed");
  // Another task is opened, then a step of it.
  await view.activate("tasks", "task 0");
  await shows(view, "Log of clone, clone");
});

test("run: what runs shows its bar, its progress and its log as it grows", async () => {
  await plugin.start({ width: 110 });
  const view = await plugin.tab(tab("pipeline"), pipelineRun("storefront-build-9w4tz"));
  await shows(view, "● live");
  await shows(view, "caching layer");
  await view.golden("pipeline-running");
  await cluster.advance(90);
  await until(view, () => view.text(), (text) => text.includes("✓ done  storefront-build-9w4tz") && !text.includes("● live"));
});

test("run: a build, a task and an application", async () => {
  await plugin.start({ width: 110 });
  await (await plugin.tab(tab("build"), build("storefront-7"))).golden("build");
  await (await plugin.tab(tab("task"), taskRun("catalog-build-m4q9d-unit-test"))).golden("task");
  await (await plugin.tab(tab("application"), application("bookstore"))).golden("application");
});

test("run: tasks in a circle, unknown, doubled and without end are shown and harm nothing", async () => {
  await plugin.start({ width: 110 });
  const tasks = [
    { name: "first", runAfter: ["second"] }, { name: "second", params: [{ name: "p", value: "$(tasks.first.results.x)" }] }, { name: "alone", runAfter: "clone" }, { name: 7 }, null, "text",
    { name: "behind", runAfter: ["alone", "nobody", null] }, ...Array.from({ length: 400 }, (_, i) => ({ name: `t${i}` })),
  ];
  await applyRun("odd", { ...failed("Failed"), pipelineSpec: { tasks, finally: {} }, startTime: "2026-01-15T09:00:00Z", completionTime: "2026-01-15T09:10:00Z" });
  await applyTask("odd-alone", "odd", "alone", { conditions: "?", steps: [{ name: "\u001b[2Jx", terminated: { exitCode: "no", startedAt: "never" } }, null, 3], startTime: "2031-01-01T00:00:00Z" });
  const view = await plugin.tab(tab("pipeline"), pipelineRun("odd"));
  const text = await view.text();
  expect(text).toContain("itself, in a circle");
  expect(text).toContain("Only 300 of its tasks are shown");
  expect(text).toMatch(/behind\s+alone, nobody/);
  expect(text).notToContain("\u001b");
});

test("run: a pod that is gone, and one that may not be read", async () => {
  await plugin.start();
  expect(await (await plugin.tab(tab("task"), taskRun("storefront-build-x7k2p-clone"))).text()).toContain("The pod storefront-build-x7k2p-clone-pod is gone, and its log with it");
  await plugin.start({ withhold: ["kubernetes[3]"] });
  const view = await plugin.tab(tab("pipeline"), pipelineRun("catalog-build-m4q9d"));
  expect(await view.text()).toMatch(/Log of unit-test, test\s+.*permi/s);
});

test("run: a log has no colours and no more than its last lines", async () => {
  await plugin.start();
  await applyTask("loud", "", "loud", { ...failed("Failed"), podName: "loud-pod", steps: [{ name: "shout", container: "step-shout", terminated: { exitCode: 3, startedAt: "2026-01-15T09:00:00Z", finishedAt: "2026-01-15T09:20:00Z" } }] });
  await cluster.apply({
    apiVersion: "v1", kind: "Pod", metadata: { name: "loud-pod", namespace: ci, annotations: { "simulator.lazyoc.dev/log": "\u001b[31mred\u001b[0m \u0007bell" } },
    spec: { nodeName: "worker-0", restartPolicy: "Never", containers: [{ name: "step-shout", image: "quay.io/example/shout:1" }] },
    status: { phase: "Failed", containerStatuses: [{ name: "step-shout", restartCount: 0, state: { terminated: { exitCode: 0, startedAt: "2026-01-15T09:00:00Z", finishedAt: "2026-01-15T09:20:00Z" } } }] },
  });
  const text = await (await plugin.tab(tab("task"), taskRun("loud"))).text();
  expect(text).toContain("exit 3");
  expect(text).toContain("red  bell");
  expect(text.split("\n").filter((line) => line.includes("bell")).length <= 40).toBe(true);
});

test("run: what is gone, and what the API server does not answer, is said", async () => {
  await plugin.start();
  expect(await (await plugin.tab(tab("build"), build("nobody"))).text()).toContain("Build nobody is not there any more");
  await plugin.start({ faults: [{ call: "kubernetes.list", code: "unavailable", message: "the cluster does not answer" }] });
  expect(await (await plugin.tab(tab("pipeline"), pipelineRun("catalog-build-m4q9d"))).text()).toContain("the cluster does not answer");
});

test("run: buttons ask as actions do", async () => {
  await plugin.start({ confirm: true });
  const view = await plugin.tab(tab("application"), application("bookstore"));
  await view.press("sync");
  expect((await cluster.get<{ operation?: object }>("argoproj.io/v1alpha1", "Application", "bookstore", ci))!.operation === undefined).toBe(false);
  await (await plugin.tab(tab("build"), ref("build.openshift.io/Build", "storefront-7", ci))).press("rerun");
  expect((await cluster.list("build.openshift.io/v1", "Build", ci)).length).toBe(10);
});
