import type { Host, ObjectReference } from "@lazyoc/plugin";
import { buildFields, buildRuns } from "../runs/builds.js";
import { isOpen, type Run } from "../runs/run.js";
import { entryOf, listOf, recordOf, textOf, timeOf } from "../runs/values.js";
import { type Detail, maxTasks, type Step, type Task } from "./detail.js";
import { inOrder } from "./graph.js";
import { fieldsOf } from "./pipeline.js";

const annotations = ".metadata.annotations";
const stages = ".status.stages";
const revision = ".spec.revision.git";
const triggers = ".spec.triggeredBy";

/** Stages that a container of their own does before the build's; a container's log is that of its stage. */
const containers: Record<string, string> = { FetchInputs: "git-clone" };

/** The stages of a build, one behind the other. */
export async function buildDetail(object: ObjectReference, host: Host): Promise<Detail> {
  const fields = await fieldsOf(object, [...buildFields, annotations, stages, revision, triggers], host);
  const run = buildRuns(object, fields)[0]!;
  const pod = entryOf(fields[annotations], "openshift.io/build.pod-name") || `${object.name}-build`;
  const done = listOf(fields[stages]).slice(0, maxTasks).map(recordOf).map((stage): Task => {
    const name = textOf(stage["name"]) || "unnamed";
    const started = timeOf(stage["startTime"]);
    return { name, after: [], state: "succeeded", note: "", started, ended: endOf(started, stage["durationMilliseconds"]), steps: [] };
  });
  // A stage is told when it is over: what has failed is the last of them, or the one after it.
  const last = done.at(-1);
  if (!last || (isOpen(run) && run.state === "running")) done.push({ name: last ? "Next stage" : "Build", after: [], state: run.state, note: "", started: last?.ended ?? run.started, ended: run.ended, steps: [] });
  else if (run.state !== "succeeded") done[done.length - 1] = { ...last, state: run.state };
  const tasks = done.map((task, i): Task => ({ ...task, after: i === 0 ? [] : [done[i - 1]!.name], steps: stepOf(task, i === done.length - 1, run, pod) }));
  return { run, tasks: inOrder(tasks), remarks: remarksOf(fields) };
}

/** One log has the stages of the build itself, so it is told once, at the last of them. */
function stepOf(stage: Task, isLast: boolean, run: Run, pod: string): Step[] {
  const container = Object.hasOwn(containers, stage.name) ? containers[stage.name]! : undefined;
  if ((!container && !isLast) || run.state === "waiting") return [];
  const { state, started, ended } = stage;
  return [{ id: `${stage.name}/log`, name: container ?? "build", state, note: "", started, ended, log: { namespace: run.object.namespace ?? "", pod, ...(container && { container }), isLive: state === "running" } }];
}

function endOf(started: number | null, milliseconds: unknown): number | null {
  return started !== null && typeof milliseconds === "number" && milliseconds >= 0 ? timeOf(new Date(Math.min(started + milliseconds, 8e15)).toISOString()) : null;
}

function remarksOf(fields: Record<string, unknown>): string[] {
  const { commit, message } = recordOf(fields[revision]);
  const cause = textOf(recordOf(listOf(fields[triggers])[0])["message"]);
  const what = [textOf(commit).slice(0, 7), textOf(message)].filter((word) => word !== "").join(" ");
  return [...(what ? [`Commit ${what}`] : []), ...(cause ? [`Started by: ${cause}`] : [])];
}
