import type { ObjectReference } from "@lazyoc/plugin";
import { because, objectKey, type Run, type State } from "./run.js";
import { entryOf, type Fields, textOf, timeOf } from "./values.js";

export const buildFields = [".metadata.creationTimestamp", ".metadata.labels", ".status.phase", ".status.reason", ".status.message", ".status.startTimestamp", ".status.completionTimestamp", ".status.config.name"];

const states: Record<string, State> = { New: "waiting", Pending: "waiting", Running: "running", Complete: "succeeded", Failed: "failed", Error: "failed", Cancelled: "cancelled" };

export function buildRuns(object: ObjectReference, fields: Fields): Run[] {
  const phase = textOf(fields[".status.phase"]);
  const state = (Object.hasOwn(states, phase) && states[phase]) || (phase === "" ? "waiting" : "unknown");
  return [
    {
      id: objectKey(object),
      system: "build",
      object,
      line: textOf(fields[".status.config.name"]) || entryOf(fields[".metadata.labels"], "openshift.io/build-config.name") || entryOf(fields[".metadata.labels"], "buildconfig") || object.name,
      state,
      why: because(textOf(fields[".status.reason"]), textOf(fields[".status.message"])),
      created: timeOf(fields[".metadata.creationTimestamp"]),
      started: timeOf(fields[".status.startTimestamp"]),
      ended: timeOf(fields[".status.completionTimestamp"]),
    },
  ];
}
