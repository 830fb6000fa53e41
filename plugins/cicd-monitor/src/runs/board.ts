import type { ObjectReference } from "@lazyoc/plugin";
import { beginning, isOpen, kinds, objectKey, type Run, stateNames, type System } from "./run.js";

/** Lines that are kept; a cluster with more is looked at by namespace. */
const maxLines = 500;

/** Runs that the next instance is given, the newest first: a state holds 512 KiB. */
const runsHandedOn = 500;

/** Runs that an estimate is made of. */
const estimated = 9;

/** The runs of one build config, pipeline, task or application, the newest first. */
export interface Line {
  key: string;
  system: System;
  namespace: string;
  name: string;
  runs: Run[];
}

/** The latest runs of everything that is watched. */
export class Board {
  readonly #lines = new Map<string, Line>();
  readonly #lineOf = new Map<string, Line>();
  readonly #leftOut = new Set<string>();
  readonly #stale = new Set<string>();

  /** Runs that are kept of each line. */
  kept = 10;

  /** Lines that there is no room for. */
  get leftOut(): number {
    return this.#leftOut.size;
  }

  /** Takes what an object says now in the place of what it said before. */
  put(object: ObjectReference, runs: readonly Run[]): void {
    this.remove(object);
    for (const run of runs) this.#add(objectKey(object), run);
  }

  remove(object: ObjectReference): void {
    const key = objectKey(object);
    this.#stale.delete(key);
    const line = this.#lineOf.get(key);
    if (!line) return;
    this.#lineOf.delete(key);
    line.runs = line.runs.filter((run) => objectKey(run.object) !== key);
    if (line.runs.length === 0) this.#lines.delete(line.key);
  }

  /** What is there of a watch is told anew: what is not among it has gone. */
  expectAnew(system: System, namespace: string | undefined): void {
    for (const line of this.#lines.values())
      if (line.system === system && (namespace === undefined || line.namespace === namespace)) for (const { object } of line.runs) this.#stale.add(objectKey(object));
  }

  /** All of it has been told. */
  toldAnew(system: System, namespace: string | undefined): void {
    const gone = [...this.#lines.values()].filter((line) => line.system === system && (namespace === undefined || line.namespace === namespace)).flatMap(({ runs }) => runs);
    for (const { object } of gone) if (this.#stale.has(objectKey(object))) this.remove(object);
  }

  clear(): void {
    for (const part of [this.#lines, this.#lineOf, this.#leftOut, this.#stale]) part.clear();
  }

  /** The most urgent first, and among equals the latest. */
  lines(): Line[] {
    const ranked = [...this.#lines.values()].map((line) => ({ line, urgency: stateNames.indexOf(line.runs[0]!.state), time: line.runs[0]!.ended ?? beginning(line.runs[0]!) }));
    return ranked.sort((a, b) => a.urgency - b.urgency || b.time - a.time || (a.line.key < b.line.key ? -1 : 1)).map(({ line }) => line);
  }

  /** All runs, the latest first. */
  runs(): Run[] {
    const timed = [...this.#lines.values()].flatMap(({ runs }) => runs.map((run) => ({ run, time: beginning(run) })));
    return timed.sort((a, b) => b.time - a.time).map(({ run }) => run);
  }

  line(key: string): Line | undefined {
    return this.#lines.get(key);
  }

  /** The line that an object's runs are in. */
  lineOf(object: ObjectReference): Line | undefined {
    return this.#lineOf.get(objectKey(object)) ?? [...this.#lines.values()].find(({ runs }) => runs.some((run) => run.object.kind === object.kind && run.object.name === object.name && run.object.namespace === object.namespace));
  }

  keep(): Run[] {
    return this.runs().slice(0, runsHandedOn);
  }

  restore(runs: readonly Run[]): void {
    for (const run of runs) if (run.system in kinds) this.#add(objectKey(run.object), run);
  }

  #add(key: string, run: Run): void {
    const lineKey = JSON.stringify([run.system, run.object.namespace ?? "", run.line]);
    let line = this.#lines.get(lineKey);
    if (!line) {
      if (this.#lines.size >= maxLines) {
        if (this.#leftOut.size < maxLines) this.#leftOut.add(lineKey);
        return;
      }
      line = { key: lineKey, system: run.system, namespace: run.object.namespace ?? "", name: run.line, runs: [] };
      this.#lines.set(lineKey, line);
    }
    // Of thousands of runs most are older than those that are kept.
    if (line.runs.length >= this.kept && beginning(run) <= beginning(line.runs.at(-1)!)) return;
    const place = line.runs.findIndex((other) => beginning(other) < beginning(run));
    line.runs.splice(place < 0 ? line.runs.length : place, 0, run);
    this.#lineOf.set(key, line);
    for (const { object } of line.runs.splice(this.kept)) if (!line.runs.some((other) => objectKey(other.object) === objectKey(object))) this.#lineOf.delete(objectKey(object));
  }
}

/** How long a run of a line usually takes: the median of those that succeeded; null when too few did. */
export function usualDuration(runs: readonly Run[]): number | null {
  const took = runs
    .filter(({ state, started, ended }) => state === "succeeded" && started !== null && ended !== null && ended >= started)
    .slice(0, estimated)
    .map(({ started, ended }) => ended! - started!)
    .sort((a, b) => a - b);
  return took.length < 2 ? null : took[Math.floor(took.length / 2)]!;
}

/** Lines by the state of their latest run. */
export function count(lines: readonly Line[]): Map<Run["state"], number> {
  const counts = new Map<Run["state"], number>();
  for (const { runs } of lines) counts.set(runs[0]!.state, (counts.get(runs[0]!.state) ?? 0) + 1);
  return counts;
}

export function hasOpen(lines: readonly Line[]): boolean {
  return lines.some(({ runs }) => isOpen(runs[0]!));
}
