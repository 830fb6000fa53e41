import type { Host, HostError, KubernetesObject, ObjectReference } from "@lazyoc/plugin";
import { fieldsOf } from "./details/pipeline.js";
import { isOpen, kinds, nameOf, type Run, systemOf } from "./runs/run.js";
import { withoutSuffix } from "./runs/tekton.js";
import { sources } from "./sources.js";

export type Change = "rerun" | "cancel" | "sync" | "refresh";

/** Characters of a name before what makes it unique: Tekton and builds take their names for labels, of at most 63. */
const nameChars = 57;

/** What the API server makes names of: no vowels, so no words. */
const alphabet = "bcdfghjklmnpqrstvwxz2456789";
const suffixChars = 5;

/** Annotations that say how the run before fared, or belong to the tool that wrote them. */
const ownAnnotations = ["kubectl.kubernetes.io/last-applied-configuration", "openshift.io/build.pod-name", "openshift.io/build.number"];

const questions: Record<Change, (names: string) => string> = {
  rerun: (names) => `Run ${names} again? A new run is made of what it was told to do.`,
  cancel: (names) => `Cancel ${names}? What has been done so far stays.`,
  sync: (names) => `Sync ${names}? Argo CD applies what its source says now.`,
  refresh: (names) => `Refresh ${names}? Argo CD looks at its source again.`,
};

const done: Record<Change, (name: string, made: string) => string> = {
  rerun: (name, made) => `${name} runs again as ${made}`,
  cancel: (name) => `${name} is being cancelled`,
  sync: (name) => `${name} is being synced`,
  refresh: (name) => `${name} is being refreshed`,
};

/** What can be done with a kind. */
export function canChange(change: Change, { group, kind }: ObjectReference): boolean {
  const system = systemOf({ group, kind });
  return system !== undefined && (change === "cancel" || (system === "application") === (change !== "rerun"));
}

/** Asks, and does it if the user says yes; tells what came of it. */
export async function change(what: Change, objects: readonly ObjectReference[], host: Host): Promise<void> {
  const suited = objects.filter((object) => canChange(what, object));
  if (suited.length === 0) return host.ui.notify(`This cannot be done with ${objects.map(({ kind }) => `a ${kind}`).join(", ")}`, "warn");
  const names = suited.map((object) => nameOf({ system: systemOf(object)!, object }));
  if (what === "cancel") {
    const over = await firstOver(suited, host);
    if (over) return host.ui.notify(`${nameOf(over)} is over already`, "warn");
  }
  if (!(await host.ui.confirm(questions[what](names.join(", ")), what === "refresh" ? "none" : "caution"))) return;
  for (const [i, object] of suited.entries()) {
    try {
      await host.ui.notify(done[what](names[i]!, await apply(what, object, host)), "ok");
    } catch (refused) {
      await host.ui.notify(`${names[i]!}: ${(refused as HostError).message}`, "error");
    }
  }
}

/** The first that does not go on any more. */
async function firstOver(objects: readonly ObjectReference[], host: Host): Promise<Run | undefined> {
  const runs = await Promise.all(objects.map(async (object) => {
    const { fields, read } = sources[systemOf(object)!];
    return read(object, await fieldsOf(object, fields, host))[0];
  }));
  return runs.find((run) => run && !isOpen(run));
}

/** The name of what it made or changed. */
async function apply(what: Change, object: ObjectReference, host: Host): Promise<string> {
  const system = systemOf(object)!;
  switch (what) {
    case "rerun":
      return rerun(object, host);
    case "cancel":
      switch (system) {
        case "build":
          // A build has no status of its own: this is how `oc cancel-build` does it.
          return patch(object, { status: { cancelled: true } }, host);
        case "pipeline":
          return patch(object, { spec: { status: "CancelledRunFinally" } }, host);
        case "task":
          return patch(object, { spec: { status: "TaskRunCancelled" } }, host);
        case "application":
          return stopSync(object, host);
      }
    case "sync":
      return patch(object, { operation: { initiatedBy: { username: "LazyOC" }, info: [{ name: "Reason", value: "Started in LazyOC" }], sync: {} } }, host);
    case "refresh":
      return patch(object, { metadata: { annotations: { "argocd.argoproj.io/refresh": "normal" } } }, host);
  }
}

async function patch(object: ObjectReference, body: object, host: Host): Promise<string> {
  await host.kubernetes.patch({ ...locationOf(object), type: "merge", patch: body, fields: [".metadata.name"] });
  return object.name;
}

async function stopSync(object: ObjectReference, host: Host): Promise<string> {
  const { status } = await host.kubernetes.get<{ status?: { operationState?: { phase?: string } } }>(locationOf(object));
  if (status?.operationState?.phase !== "Running") throw new Error("no sync of it is running");
  return patch(object, { status: { operationState: { phase: "Terminating" } } }, host);
}

/** Makes a new run of what one was told to do. Its name is made here: the host wants to know what is written. */
async function rerun(object: ObjectReference, host: Host): Promise<string> {
  const { apiVersion, kind, metadata, spec } = await host.kubernetes.get<KubernetesObject & { spec?: Record<string, unknown> }>(locationOf(object));
  const base = typeof metadata["generateName"] === "string" && metadata["generateName"] !== "" ? metadata["generateName"].replace(/-$/, "") : withoutSuffix(object.name);
  const name = `${base.slice(0, nameChars)}-${await suffix(host)}`;
  const isBuild = systemOf(object) === "build";
  const { status: _, ...told } = spec ?? {};
  await host.kubernetes.create({
    ...locationOf({ ...object, name }),
    object: {
      apiVersion,
      kind,
      metadata: {
        name,
        ...(object.namespace && { namespace: object.namespace }),
        labels: without(metadata.labels, (key) => !/(^|\.)tekton\.dev\//.test(key)),
        annotations: { ...without(metadata["annotations"], (key) => !/(^|\.)tekton\.dev\//.test(key) && !ownAnnotations.includes(key)), ...(isBuild && { "openshift.io/build.clone-of": object.name }) },
        // A build belongs to its config, which decides when it may begin.
        ...(isBuild && { ownerReferences: ownersOf(metadata["ownerReferences"]) }),
      },
      spec: { ...told, ...(isBuild && { triggeredBy: [{ message: "Run again in LazyOC" }] }) },
    },
    fields: [".metadata.name"],
  });
  return name;
}

function locationOf(object: Pick<ObjectReference, "group" | "kind" | "namespace" | "name">): { group: string; resource: string; namespace?: string; name: string } {
  const { group, resource } = kinds[systemOf(object)!];
  return { group, resource, name: object.name, ...(object.namespace && { namespace: object.namespace }) };
}

function without(entries: unknown, keep: (key: string) => boolean): Record<string, unknown> {
  return Object.fromEntries(Object.entries((entries ?? {}) as Record<string, unknown>).filter(([key]) => keep(key)));
}

/** To hold a config back from being deleted takes a right of its own. */
function ownersOf(owners: unknown): unknown[] {
  return (Array.isArray(owners) ? owners : []).map(({ blockOwnerDeletion: _, ...owner }: Record<string, unknown>) => owner);
}

async function suffix(host: Host): Promise<string> {
  const bytes = await host.crypto.hash("sha-256", await host.crypto.random(16));
  return Array.from({ length: suffixChars }, (_, i) => alphabet[parseInt(bytes.slice(i * 4, i * 4 + 4), 16) % alphabet.length]).join("");
}
