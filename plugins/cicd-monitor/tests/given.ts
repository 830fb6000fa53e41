import { cluster, plugin, ref, type Shown, type View } from "@lazyoc/plugin/testing";

export const ci = "bookstore-ci";
export const boardPage = "lazyoc.cicd-monitor.board";

export const build = (name: string) => ref("build.openshift.io/Build", name, ci);
export const pipelineRun = (name: string) => ref("tekton.dev/PipelineRun", name, ci);
export const taskRun = (name: string) => ref("tekton.dev/TaskRun", name, ci);
export const application = (name: string) => ref("argoproj.io/Application", name, ci);

export const applyBuild = (name: string, status: object, more: object = {}) =>
  cluster.apply({ apiVersion: "build.openshift.io/v1", kind: "Build", metadata: { name, namespace: ci, labels: { buildconfig: "made-here" }, ...more }, spec: {}, status });

export const applyRun = (name: string, status: object, spec: object = { pipelineRef: { name: "made-here" } }) =>
  cluster.apply({ apiVersion: "tekton.dev/v1", kind: "PipelineRun", metadata: { name, namespace: ci }, spec, status });

export const applyTask = (name: string, run: string, task: string, status: object) =>
  cluster.apply({ apiVersion: "tekton.dev/v1", kind: "TaskRun", metadata: { name, namespace: ci, labels: { "tekton.dev/pipelineRun": run, "tekton.dev/pipelineTask": task } }, spec: {}, status });

export const failed = (reason: string, message = "") => ({ conditions: [{ type: "Succeeded", status: "False", reason, message }] });

const tries = 150;

/** What comes of the cluster comes when it comes: has a view drawn again and again until it is there. */
export async function until<T>(view: View, ask: () => Promise<T>, holds: (value: T) => boolean): Promise<T> {
  for (let i = 0; ; i++) {
    const value = await ask();
    if (holds(value)) return value;
    if (i >= tries) throw new Error(`it did not come; last: ${JSON.stringify(value)}`);
    await view.refresh();
  }
}

export const shows = (view: View, part: string) => until(view, () => view.text(), (text) => text.includes(part));

/** The board of the bookstore, when all there is has been told: it is drawn with a part of it when the rest takes long. */
export async function wholeBoard(): Promise<View> {
  const board = await plugin.page(boardPage);
  await until(board, () => plugin.status("lazyoc.cicd-monitor.status"), (status) => status === "CI 3 failed, 1 running");
  await shows(board, "Board 6");
  return board;
}

export const notices = async (): Promise<Shown[]> => (await plugin.shown()).filter(({ what }) => what === "notify");
