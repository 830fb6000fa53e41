import type { ObjectReference } from "@lazyoc/plugin";
import { because, objectKey, type Run, type State, type System } from "./run.js";
import { entryOf, type Fields, listOf, recordOf, textOf, timeOf } from "./values.js";

export const pipelineRunLabel = "tekton.dev/pipelineRun";

const shared = [".metadata.creationTimestamp", ".metadata.generateName", ".metadata.labels", ".status.startTime", ".status.completionTime", ".status.conditions"];

export const pipelineRunFields = [...shared, ".spec.pipelineRef.name"];
export const taskRunFields = [...shared, ".spec.taskRef.name"];

/** What Tekton appends to a `generateName`: without vowels and the like. */
const generated = /-[bcdfghjklmnpqrstvwxz2456789]{5}$/;

/** A run's name without what makes it unique. */
export function withoutSuffix(name: string): string {
  return name.replace(generated, "");
}

export function pipelineRuns(object: ObjectReference, fields: Fields): Run[] {
  const named = entryOf(fields[".metadata.labels"], "pipelinesascode.tekton.dev/original-prname");
  return [runOf("pipeline", object, fields, named || lineOf(object.name, fields, ".spec.pipelineRef.name"))];
}

/** Those of pipelines are told with their pipeline. */
export function taskRuns(object: ObjectReference, fields: Fields): Run[] {
  return pipelineOf(fields) ? [] : [runOf("task", object, fields, lineOf(object.name, fields, ".spec.taskRef.name"))];
}

/** The run of a pipeline that a task runs for; empty when it runs for itself. */
export function pipelineOf(fields: Fields): string {
  return entryOf(fields[".metadata.labels"], pipelineRunLabel);
}

/** What the runs of one line have in common: the name that theirs are made of, or else what they run, which several may share. */
function lineOf(name: string, fields: Fields, reference: string): string {
  const prefix = textOf(fields[".metadata.generateName"]).replace(/-$/, "");
  const referred = textOf(fields[reference]);
  if (prefix) return prefix;
  // The console of OpenShift names runs after their pipeline, with an ending of its own.
  return referred && name.startsWith(`${referred}-`) ? referred : withoutSuffix(name) !== name ? withoutSuffix(name) : referred || name;
}

function runOf(system: System, object: ObjectReference, fields: Fields, line: string): Run {
  const { state, why } = succeeded(fields[".status.conditions"]);
  return {
    id: objectKey(object),
    system,
    object,
    line,
    state,
    why,
    created: timeOf(fields[".metadata.creationTimestamp"]),
    started: timeOf(fields[".status.startTime"]),
    ended: timeOf(fields[".status.completionTime"]),
  };
}

/** What the condition `Succeeded` says; a run without one waits. */
export function succeeded(conditions: unknown): { state: State; why: string } {
  const condition = listOf(conditions).map(recordOf).find(({ type }) => type === "Succeeded");
  if (!condition) return { state: "waiting", why: "" };
  const reason = textOf(condition["reason"]);
  const message = textOf(condition["message"]);
  const why = because(["Failed", "Succeeded", "Running"].includes(reason) ? "" : reason, shorter(message));
  switch (condition["status"]) {
    case "True":
      return { state: "succeeded", why: reason === "Succeeded" ? "" : why };
    case "False":
      return { state: /Cancel|Stopped/.test(reason) ? "cancelled" : "failed", why };
    default:
      return { state: reason.includes("Pending") ? "waiting" : "running", why };
  }
}

/** Tekton counts the tasks of a pipeline in a sentence. */
function shorter(message: string): string {
  if (!message.startsWith("Tasks Completed: ")) return message;
  const [completed = 0, failed = 0, , rest = 0] = (message.match(/\d+/g) ?? []).map(Number);
  if (message.includes("Incomplete")) return `${completed} of ${completed + rest} tasks done${failed > 0 ? `, ${failed} failed` : ""}`;
  return [...(failed > 0 ? [`${failed} of ${completed} tasks failed`] : []), ...(rest > 0 ? [`${rest} not run`] : [])].join(", ");
}
