import type { Host, HostError, ObjectReference } from "@lazyoc/plugin";
import { kinds, type State, stateNames } from "../runs/run.js";
import { pipelineRunFields, pipelineRunLabel, pipelineRuns, succeeded, taskRunFields, taskRuns } from "../runs/tekton.js";
import { entryOf, type Fields, listOf, recordOf, textOf, timeOf } from "../runs/values.js";
import { type Detail, maxTasks, type Step, type Task } from "./detail.js";
import { inOrder } from "./graph.js";

const labels = ".metadata.labels";
const spec = ".spec.pipelineSpec";
const resolved = ".status.pipelineSpec";
const skipped = ".status.skippedTasks";
const taskFields = [".metadata.name", labels, ".status.startTime", ".status.completionTime", ".status.conditions", ".status.podName", ".status.steps"];

/** Steps of one task. */
const maxSteps = 100;

/** A task waits for those whose results it uses, too. */
const usedTask = /\$\(tasks\.([A-Za-z0-9_-]+)\./g;

export async function pipelineDetail(object: ObjectReference, host: Host): Promise<Detail> {
  const namespace = object.namespace ?? "";
  const [fields, { items, more, refusal }] = await Promise.all([
    fieldsOf(object, [...pipelineRunFields, spec, resolved, skipped], host),
    tasksOf(object, host),
  ]);
  const run = pipelineRuns(object, fields)[0]!;
  const made = new Map<string, Task[]>();
  for (const item of items) {
    const name = entryOf(item[labels], "tekton.dev/pipelineTask") || textOf(item[".metadata.name"]);
    made.set(name, [...(made.get(name) ?? []), taskOf(name, item, namespace)]);
  }
  const declared = declaredTasks(Object.keys(recordOf(fields[resolved])).length > 0 ? fields[resolved] : fields[spec]);
  const why = new Map(listOf(fields[skipped]).map(recordOf).map(({ name, reason }) => [textOf(name), textOf(reason)]));
  const known = new Set(declared.map(({ name }) => name));
  const tasks = [...declared, ...[...made.keys()].filter((name) => !known.has(name)).map((name) => ({ name, after: [] }))].map(({ name, after }): Task => {
    const runs = made.get(name);
    if (runs) return { ...together(runs), after };
    const isOver = run.ended !== null || why.has(name);
    return { name, after, state: refusal ? "unknown" : isOver ? "skipped" : "waiting", note: why.get(name) ?? "", started: null, ended: null, steps: [] };
  });
  const remarks = [...(tasks.length > maxTasks || more ? [`Only ${maxTasks} of its tasks are shown`] : []), ...(refusal ? [`▲ Its tasks cannot be read: ${refusal}`] : [])];
  return { run, tasks: inOrder(tasks.slice(0, maxTasks)), remarks };
}

/** The task runs of a pipeline run; without the right to see them, its graph is still there. */
async function tasksOf({ name, namespace = "" }: ObjectReference, host: Host): Promise<{ items: Fields[]; more?: boolean; refusal?: string }> {
  const { group, resource } = kinds.task;
  try {
    const page = await host.kubernetes.project({ group, resource, namespace, labelSelector: `${pipelineRunLabel}=${name}`, fields: taskFields, limit: maxTasks });
    return { items: page.items, more: page.continue !== undefined };
  } catch (refused) {
    return { items: [], refusal: (refused as HostError).message };
  }
}

/** A task that runs for itself. */
export async function taskDetail(object: ObjectReference, host: Host): Promise<Detail> {
  const fields = await fieldsOf(object, [...taskRunFields, ...taskFields], host);
  const run = taskRuns(object, { ...fields, [labels]: {} })[0]!;
  return { run, tasks: inOrder([taskOf(entryOf(fields[labels], "tekton.dev/pipelineTask") || run.line, fields, object.namespace ?? "")]), remarks: [] };
}

/** Some fields of one object. */
export async function fieldsOf({ group, kind, namespace, name }: ObjectReference, fields: string[], host: Host): Promise<Fields> {
  const resource = Object.values(kinds).find((one) => one.group === group && one.kind === kind)!.resource;
  const page = await host.kubernetes.project({ group: group ?? "", resource, ...(namespace && { namespace }), fieldSelector: `metadata.name=${name}`, fields: [...new Set(fields)], limit: 1 });
  const found = page.items[0];
  if (!found) throw new Error(`${kind} ${name} is not there any more`);
  return found;
}

/** The tasks as the pipeline has them; those of `finally` wait for all others. */
function declaredTasks(pipeline: unknown): { name: string; after: string[] }[] {
  const read = (list: unknown) => listOf(list).map(recordOf).filter(({ name }) => textOf(name) !== "").slice(0, maxTasks + 1);
  const { tasks, finally: last } = recordOf(pipeline);
  const main = read(tasks).map(({ name, runAfter, params, when, matrix }) => {
    const used = [...JSON.stringify([params ?? null, when ?? null, matrix ?? null]).matchAll(usedTask)].map(([, task]) => task!);
    return { name: textOf(name), after: [...new Set([...listOf(runAfter).map((task) => textOf(task)), ...used])] };
  });
  const ends = main.filter(({ name }) => !main.some(({ after }) => after.includes(name))).map(({ name }) => name);
  return [...main, ...read(last).map(({ name }) => ({ name: textOf(name), after: ends }))];
}

function taskOf(name: string, item: Fields, namespace: string): Task {
  const { state, why } = succeeded(item[".status.conditions"]);
  const pod = textOf(item[".status.podName"]);
  return {
    name,
    after: [],
    state,
    note: state === "failed" || state === "cancelled" ? why : "",
    started: timeOf(item[".status.startTime"]),
    ended: timeOf(item[".status.completionTime"]),
    steps: oneByOne(listOf(item[".status.steps"]).slice(0, maxSteps).map((step, i) => stepOf(recordOf(step), `${name}/${textOf(item[".metadata.name"])}/${i}`, namespace, pod))),
  };
}

/** The containers of all steps run from the beginning; those behind one that goes on have done nothing yet. */
function oneByOne(steps: Step[]): Step[] {
  const first = steps.findIndex(({ state }) => state === "running");
  return steps.map(({ log, ...step }, i) => (first >= 0 && i > first && step.state === "running" ? { ...step, state: "waiting", started: null } : { ...step, ...(log && { log }) }));
}

function stepOf(step: Fields, id: string, namespace: string, pod: string): Step {
  const name = textOf(step["name"]) || "unnamed";
  const container = textOf(step["container"]) || `step-${name}`;
  const [ended, running, waiting] = [recordOf(step["terminated"]), recordOf(step["running"]), recordOf(step["waiting"])];
  const code = ended["exitCode"];
  const state: State = step["terminated"] ? (code === 0 ? "succeeded" : textOf(ended["reason"]).includes("Cancel") ? "cancelled" : "failed") : step["running"] ? "running" : "waiting";
  return {
    id,
    name,
    state,
    note: state === "failed" && typeof code === "number" ? `exit ${code}` : textOf(waiting["reason"]),
    started: timeOf(ended["startedAt"] ?? running["startedAt"]),
    ended: timeOf(ended["finishedAt"]),
    ...(pod && state !== "waiting" && { log: { namespace, pod, container, isLive: state === "running" } }),
  };
}

/** The task runs of one task, of which a matrix makes several, as one. */
function together(runs: Task[]): Task {
  const worst = runs.reduce((a, b) => (stateNames.indexOf(b.state) < stateNames.indexOf(a.state) ? b : a));
  if (runs.length === 1) return worst;
  const starts = runs.flatMap(({ started }) => started ?? []);
  const ends = runs.flatMap(({ ended }) => ended ?? []);
  return {
    ...worst,
    note: [`${runs.length} runs`, worst.note].filter((note) => note !== "").join(", "),
    started: starts.length > 0 ? Math.min(...starts) : null,
    ended: ends.length === runs.length ? Math.max(...ends) : null,
    steps: runs.flatMap(({ steps }) => steps).slice(0, maxSteps),
  };
}

