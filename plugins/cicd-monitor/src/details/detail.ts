import type { Run, State } from "../runs/run.js";

/** Where the log of a step is. */
export interface LogPlace {
  namespace: string;
  pod: string;
  /** Absent when the pod has one only. */
  container?: string;
  /** Whether lines may still come. */
  isLive: boolean;
}

/** What a task does one after the other. */
export interface Step {
  id: string;
  name: string;
  state: State;
  note: string;
  started: number | null;
  ended: number | null;
  log?: LogPlace;
}

/** A task of a pipeline, a stage of a build, or a resource of an application. */
export interface Task {
  name: string;
  /** The tasks that it waits for. */
  after: string[];
  state: State;
  note: string;
  started: number | null;
  ended: number | null;
  steps: Step[];
}

/** What the tab of a run shows. */
export interface Detail {
  run: Run;
  /** In order of their dependencies. */
  tasks: Placed[];
  /** What else is to be known. */
  remarks: string[];
}

/** A task in its place of the graph. */
export interface Placed extends Task {
  /** Tasks that are before it on the longest way. */
  level: number;
  /** It waits, directly or not, for itself. */
  isCyclic: boolean;
}

/** Tasks of one graph; more are counted. */
export const maxTasks = 300;
