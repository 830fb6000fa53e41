import type { ObjectReference } from "@lazyoc/plugin";
import { because, objectKey, type Run, type State } from "./run.js";
import { type Fields, listOf, recordOf, textOf, timeOf } from "./values.js";

export const applicationFields = [".metadata.creationTimestamp", ".status.sync.status", ".status.sync.revision", ".status.health", ".status.operationState.phase", ".status.operationState.message", ".status.operationState.startedAt", ".status.operationState.finishedAt", ".status.history"];

/** Characters of a commit's digest that people read. */
const revisionChars = 7;

export function shortRevision(value: unknown): string {
  const revision = textOf(value);
  return /^[0-9a-f]{12,}$/.test(revision) ? revision.slice(0, revisionChars) : revision;
}

/** How an application is now, and its deployments before. */
export function applicationRuns(object: ObjectReference, fields: Fields): Run[] {
  const key = objectKey(object);
  const started = timeOf(fields[".status.operationState.startedAt"]);
  const ended = timeOf(fields[".status.operationState.finishedAt"]);
  const { state, why, cause } = stateOf(fields);
  const now: Run = {
    // A sync that failed is one failure, and bad health another.
    id: `${key} ${cause || (started ?? "")}`,
    system: "application",
    object,
    line: object.name,
    state,
    why,
    created: timeOf(fields[".metadata.creationTimestamp"]),
    started,
    ended,
  };
  const before = listOf(fields[".status.history"]).map(recordOf).flatMap((deployment): Run[] => {
    const [began, done] = [timeOf(deployment["deployStartedAt"]), timeOf(deployment["deployedAt"])];
    // The latest deployment is what the operation did.
    if (done === null || (started !== null && (began ?? done) >= started)) return [];
    return [{ ...now, id: `${key} #${textOf(String(deployment["id"] ?? done))}`, state: "succeeded", why: shortRevision(deployment["revision"]), created: done, started: began, ended: done }];
  });
  return [now, ...before];
}

function stateOf(fields: Fields): { state: State; why: string; cause: string } {
  const sync = textOf(fields[".status.sync.status"]);
  const { status, message } = recordOf(fields[".status.health"]);
  const health = textOf(status);
  const phase = textOf(fields[".status.operationState.phase"]);
  const said = textOf(fields[".status.operationState.message"]);
  const words = [health, sync].filter((word) => word !== "").join(", ");
  if (phase === "Running" || phase === "Terminating") return { state: "running", why: because(phase === "Running" ? "Syncing" : "Stopping", said), cause: "" };
  if (phase === "Failed" || phase === "Error") return { state: "failed", why: because("Sync failed", said), cause: "" };
  if (health === "Degraded") return { state: "failed", why: because(words, textOf(message)), cause: "degraded" };
  if (health === "Progressing") return { state: "running", why: because(words, textOf(message)), cause: "" };
  if (sync === "OutOfSync" || health === "Missing") return { state: "drifted", why: because(words, textOf(message)), cause: "" };
  if (health === "Suspended") return { state: "waiting", why: words, cause: "" };
  if (sync === "Synced" && health === "Healthy") return { state: "succeeded", why: shortRevision(fields[".status.sync.revision"]), cause: "" };
  return { state: "unknown", why: words, cause: "" };
}
