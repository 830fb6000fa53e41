import type { ObjectReference, WatchMessage } from "@lazyoc/plugin";
import type { Family, Sample } from "./exposition.js";

/** One resource that is counted, and what is kept of each object. */
export interface Watched {
  group: string;
  resource: string;
  kind: string;
  fields: string[];
}

const uid = ".metadata.uid";

export const watched: readonly Watched[] = [
  { group: "", resource: "pods", kind: "Pod", fields: [".status.phase", ".status.containerStatuses[*].name", ".status.containerStatuses[*].restartCount", ".status.containerStatuses[*].ready"] },
  { group: "", resource: "nodes", kind: "Node", fields: [".status.conditions[*].type", ".status.conditions[*].status"] },
  { group: "", resource: "events", kind: "Event", fields: [".type", ".reason", ".count"] },
  { group: "apps", resource: "deployments", kind: "Deployment", fields: [".spec.replicas", ".status.readyReplicas"] },
  { group: "apps", resource: "statefulsets", kind: "StatefulSet", fields: [uid] },
  { group: "apps", resource: "daemonsets", kind: "DaemonSet", fields: [uid] },
  { group: "batch", resource: "jobs", kind: "Job", fields: [uid] },
  { group: "", resource: "services", kind: "Service", fields: [uid] },
  { group: "", resource: "persistentvolumeclaims", kind: "PersistentVolumeClaim", fields: [uid] },
  { group: "", resource: "namespaces", kind: "Namespace", fields: [uid] },
];

interface Seen {
  object: ObjectReference;
  fields: Record<string, unknown>;
}

/** Events by namespace, type and reason, as far as they have been counted; their objects go, the counts stay. */
export type EventCounts = Record<string, number>;

/** What is known of the cluster, kept up by watches. */
export class ClusterState {
  readonly #objects = new Map<string, Map<string, Seen>>(watched.map(({ kind }) => [kind, new Map()]));
  readonly #eventsOf = new Map<string, number>();
  readonly #events = new Map<string, number>();

  /** Takes over what an instance before has counted. */
  restore(events: EventCounts): void {
    for (const [key, count] of Object.entries(events)) this.#events.set(key, count);
  }

  get eventCounts(): EventCounts {
    return Object.fromEntries(this.#events);
  }

  /** Whether the objects of an event were counted before the plugin was replaced; they must not count twice. */
  eventsAreOld = false;

  apply(kind: string, message: WatchMessage): void {
    const objects = this.#objects.get(kind)!;
    if (message.reset) objects.clear();
    for (const { type, object, fields } of message.events) {
      const key = object.uid ?? `${object.namespace ?? ""}/${object.name}`;
      if (type === "deleted") {
        objects.delete(key);
        if (kind === "Event") this.#eventsOf.delete(key);
        continue;
      }
      if (!fields) continue;
      // Events are only counted; the clusters that have many of them have very many.
      if (kind === "Event") this.#countEvent(key, object, fields);
      else objects.set(key, { object, fields });
    }
    if (kind === "Event" && message.synced) this.eventsAreOld = false;
  }

  /** An event that repeats tells how often it did by now. */
  #countEvent(key: string, object: ObjectReference, fields: Record<string, unknown>): void {
    const count = Number(fields[".count"] ?? 1) || 1;
    const before = this.#eventsOf.get(key) ?? 0;
    this.#eventsOf.set(key, Math.max(before, count));
    if (count <= before || this.eventsAreOld) return;
    const series = keyOf(object.namespace ?? "", String(fields[".type"] ?? ""), String(fields[".reason"] ?? ""));
    this.#events.set(series, (this.#events.get(series) ?? 0) + count - before);
  }

  *families(): Iterable<Family> {
    yield { name: "lazyoc_objects", help: "Objects by kind and namespace.", type: "gauge", samples: this.#counts() };
    yield { name: "lazyoc_pods", help: "Pods by namespace and phase.", type: "gauge", samples: this.#phases() };
    yield { name: "lazyoc_node_condition", help: "Whether a condition of a node is true.", type: "gauge", samples: this.#conditions() };
    yield { name: "lazyoc_deployment_replicas", help: "Replicas that a deployment should have and those that are ready.", type: "gauge", samples: this.#replicas() };
    yield { name: "lazyoc_events_total", help: "Events by namespace, type and reason.", type: "counter", samples: this.#eventSamples() };
    yield { name: "lazyoc_container_ready", help: "Whether a container is ready.", type: "gauge", samples: this.#containers(".status.containerStatuses[*].ready") };
    yield { name: "lazyoc_container_restarts_total", help: "Restarts of a container, as the kubelet counts them.", type: "counter", samples: this.#containers(".status.containerStatuses[*].restartCount") };
  }

  *#counts(): Iterable<Sample> {
    for (const [kind, objects] of this.#objects) {
      if (kind === "Event") continue;
      for (const [namespace, value] of tally(objects.values(), ({ object }) => object.namespace ?? "")) yield { labels: { kind, ...(namespace && { namespace }) }, value };
    }
  }

  *#phases(): Iterable<Sample> {
    for (const [key, value] of tally(this.#objects.get("Pod")!.values(), ({ object, fields }) => keyOf(object.namespace ?? "", String(fields[".status.phase"] ?? "Unknown")))) {
      const [namespace = "", phase = ""] = partsOf(key);
      yield { labels: { namespace, phase }, value };
    }
  }

  *#conditions(): Iterable<Sample> {
    for (const { object, fields } of this.#objects.get("Node")!.values()) {
      const statuses = list(fields[".status.conditions[*].status"]);
      for (const [i, condition] of list(fields[".status.conditions[*].type"]).entries()) yield { labels: { node: object.name, condition: String(condition) }, value: statuses[i] === "True" ? 1 : 0 };
    }
  }

  *#replicas(): Iterable<Sample> {
    for (const { object, fields } of this.#objects.get("Deployment")!.values()) {
      const labels = { namespace: object.namespace ?? "", deployment: object.name };
      yield { labels: { ...labels, state: "desired" }, value: Number(fields[".spec.replicas"] ?? 1) };
      yield { labels: { ...labels, state: "ready" }, value: Number(fields[".status.readyReplicas"] ?? 0) };
    }
  }

  *#eventSamples(): Iterable<Sample> {
    for (const [key, value] of this.#events) {
      const [namespace = "", type = "", reason = ""] = partsOf(key);
      yield { labels: { namespace, type, reason }, value };
    }
  }

  *#containers(path: string): Iterable<Sample> {
    for (const { object, fields } of this.#objects.get("Pod")!.values()) {
      const values = list(fields[path]);
      for (const [i, container] of list(fields[".status.containerStatuses[*].name"]).entries()) yield { labels: { namespace: object.namespace ?? "", pod: object.name, container: String(container) }, value: Number(values[i] ?? 0) };
    }
  }
}

/** Several texts as one key. A reason is free text, so no character can part them. */
export function keyOf(...parts: string[]): string {
  return JSON.stringify(parts);
}

export function partsOf(key: string): string[] {
  return JSON.parse(key) as string[];
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function tally<T>(items: Iterable<T>, keyOf: (item: T) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) {
    const key = keyOf(item);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}
