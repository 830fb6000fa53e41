import type { ObjectReference, TextStyle } from "@lazyoc/plugin";

/** What runs. */
export type System = "build" | "pipeline" | "task" | "application";

/** How a run fares, the most urgent first. */
export const stateNames = ["failed", "running", "drifted", "waiting", "unknown", "cancelled", "skipped", "succeeded"] as const;

export type State = (typeof stateNames)[number];

/** How states are told: each has a sign of its own, for those who see no colour. */
export const states: Record<State, { mark: string; word: string; style: TextStyle }> = {
  failed: { mark: "✗", word: "failed", style: "error" },
  running: { mark: "●", word: "running", style: "accent" },
  drifted: { mark: "▲", word: "out of sync", style: "warn" },
  waiting: { mark: "○", word: "waiting", style: "info" },
  unknown: { mark: "?", word: "unknown", style: "muted" },
  cancelled: { mark: "■", word: "cancelled", style: "muted" },
  skipped: { mark: "–", word: "not run", style: "muted" },
  succeeded: { mark: "✓", word: "done", style: "ok" },
};

export const kinds: Record<System, { group: string; resource: string; kind: string; title: string }> = {
  build: { group: "build.openshift.io", resource: "builds", kind: "Build", title: "Build" },
  pipeline: { group: "tekton.dev", resource: "pipelineruns", kind: "PipelineRun", title: "Pipeline" },
  task: { group: "tekton.dev", resource: "taskruns", kind: "TaskRun", title: "Task" },
  application: { group: "argoproj.io", resource: "applications", kind: "Application", title: "Argo CD" },
};

export function systemOf({ group, kind }: Pick<ObjectReference, "group" | "kind">): System | undefined {
  return (Object.keys(kinds) as System[]).find((system) => kinds[system].group === group && kinds[system].kind === kind);
}

/** A build, a run of a pipeline or task, or a deployment of an application. */
export type Run = {
  /** Unique, and the same as long as it is the same run. */
  id: string;
  system: System;
  object: ObjectReference;
  /** Of which build config, pipeline, task or application; runs of one line are compared with each other. */
  line: string;
  state: State;
  /** Why it is in this state, as the cluster says. */
  why: string;
  created: number | null;
  started: number | null;
  ended: number | null;
};

/** When it began, as well as is known. */
export function beginning({ started, created }: Pick<Run, "started" | "created">): number {
  return started ?? created ?? 0;
}

/** How long it took, or takes so far; null when its times make no sense. */
export function duration({ started, ended }: Pick<Run, "started" | "ended">, now: number): number | null {
  if (started === null) return null;
  const took = (ended ?? now) - started;
  return took >= 0 ? took : null;
}

/** Whether it goes on. */
export function isOpen({ state }: Pick<Run, "state">): boolean {
  return state === "running" || state === "waiting";
}

/** What it is called for people. */
export function nameOf({ system, object }: Pick<Run, "system" | "object">): string {
  return `${system === "application" ? "application" : kinds[system].kind} ${object.name}`;
}

/** A reason and a message as one text, without saying the same twice. */
export function because(...parts: string[]): string {
  return parts.filter((part, i) => part !== "" && !parts.slice(0, i).includes(part)).join(": ");
}

export function objectKey({ uid, namespace, name, kind }: ObjectReference): string {
  return uid || `${kind} ${namespace ?? ""}/${name}`;
}
