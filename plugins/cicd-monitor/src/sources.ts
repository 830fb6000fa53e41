import type { Host, HostError, ObjectReference, WatchMessage } from "@lazyoc/plugin";
import { applicationFields, applicationRuns } from "./runs/applications.js";
import { buildFields, buildRuns } from "./runs/builds.js";
import { kinds, type Run, type System } from "./runs/run.js";
import { pipelineOf, pipelineRunFields, pipelineRuns, taskRunFields, taskRuns } from "./runs/tekton.js";
import type { Fields } from "./runs/values.js";

interface Source {
  fields: string[];
  read: (object: ObjectReference, fields: Fields) => Run[];
}

export const sources: Record<System, Source> = {
  build: { fields: buildFields, read: buildRuns },
  pipeline: { fields: pipelineRunFields, read: pipelineRuns },
  task: { fields: taskRunFields, read: taskRuns },
  application: { fields: applicationFields, read: applicationRuns },
};

/** What a watch says of one object. */
export interface Told {
  object: ObjectReference;
  /** Null when it is gone. */
  runs: Run[] | null;
  /** As `Failures.isNews` takes it. */
  since: number | null | undefined;
  /** The pipeline run that it is a task of. */
  parent?: ObjectReference;
}

interface Watched {
  system: System;
  namespace: string | undefined;
  since: number | null | undefined;
}

/** The watches: one of each resource that the cluster has, or one in each namespace that the user named. */
export class Sources {
  readonly #watched = new Map<string, Watched>();
  readonly #failures = new Map<System, string>();
  readonly #served = new Set<System>();
  #all: Promise<void> | null = null;
  #beginning: Promise<void> = Promise.resolve();
  #begun = false;
  #synced: () => void = () => undefined;

  /** Resolves when everything that was there has been told. */
  synced = this.#unsynced();

  /** Why something is not watched, by what. */
  get failures(): ReadonlyMap<System, string> {
    return this.#failures;
  }

  /** What the cluster has. */
  get served(): ReadonlySet<System> {
    return this.#served;
  }

  /** Begins to watch what is not watched yet. `since` as in `Told`, of what is there already. */
  watch(host: Host, namespaces: readonly string[], own: string, since: number | null): Promise<void> {
    return (this.#all ??= this.#watchAll(host, namespaces, own, since).finally(() => (this.#all = null)));
  }

  /** Resolves when every watch that may have told something is known: the first message of one can come before the answer that names it. */
  get known(): Promise<void> {
    return this.#beginning;
  }

  /** Ends all watches. */
  async end(host: Host): Promise<void> {
    await this.#all;
    const ended = [...this.#watched.keys()];
    for (const part of [this.#watched, this.#failures, this.#served]) part.clear();
    this.#begun = false;
    this.synced = this.#unsynced();
    for (const watch of ended) await host.kubernetes.unwatch(watch);
  }

  /** What a message tells, one after the other; `anew` hears when a watch begins to tell everything, and when it has. */
  *take(message: WatchMessage, anew: (system: System, namespace: string | undefined, isTold: boolean) => void): Generator<Told> {
    const watched = this.#watched.get(message.watch);
    if (!watched) return;
    const { system, namespace, since } = watched;
    if (message.reset) anew(system, namespace, false);
    for (const { type, object, fields } of message.events) {
      if (type === "deleted") yield { object, runs: null, since };
      if (type === "deleted" || !fields) continue;
      const pipeline = system === "task" ? pipelineOf(fields) : "";
      yield { object, runs: sources[system].read(object, fields), since, ...(pipeline && { parent: { ...object, kind: kinds.pipeline.kind, name: pipeline } }) };
    }
    if (!message.synced) return;
    watched.since = undefined;
    anew(system, namespace, true);
    this.#tellSynced();
  }

  async #watchAll(host: Host, namespaces: readonly string[], own: string, since: number | null): Promise<void> {
    for (const system of Object.keys(sources) as System[]) {
      if ([...this.#watched.values()].some((watched) => watched.system === system)) continue;
      await this.#watch(host, system, namespaces, own, since);
    }
    this.#begun = true;
    this.#tellSynced();
  }

  async #watch(host: Host, system: System, namespaces: readonly string[], own: string, since: number | null): Promise<void> {
    const { group, resource } = kinds[system];
    try {
      if (!(await host.kubernetes.discover(group)).some(({ plural }) => plural === resource)) return;
      this.#served.add(system);
      if (namespaces.length > 0) for (const namespace of namespaces) await this.#begin(host, system, namespace, since);
      else await this.#beginWidely(host, system, own, since);
      this.#failures.delete(system);
    } catch (failed) {
      this.#failures.set(system, (failed as HostError).message);
    }
  }

  /** In all namespaces, or, if that is refused, in the user's own. */
  async #beginWidely(host: Host, system: System, own: string, since: number | null): Promise<void> {
    try {
      await this.#begin(host, system, undefined, since);
    } catch (refused) {
      if ((refused as HostError).code !== "permission-denied" || own === "") throw refused;
      await this.#begin(host, system, own, since).catch(() => Promise.reject(refused as HostError));
    }
  }

  async #begin(host: Host, system: System, namespace: string | undefined, since: number | null): Promise<void> {
    const { group, resource } = kinds[system];
    const begun = host.kubernetes.watch({ group, resource, fields: sources[system].fields, ...(namespace !== undefined && { namespace }) }).then((watch) => void this.#watched.set(watch, { system, namespace, since }));
    // Whoever began it hears of a refusal.
    this.#beginning = begun.catch(() => undefined);
    await begun;
  }

  #tellSynced(): void {
    if (this.#begun && [...this.#watched.values()].every(({ since }) => since === undefined)) this.#synced();
  }

  #unsynced(): Promise<void> {
    return new Promise((resolve) => (this.#synced = resolve));
  }
}
