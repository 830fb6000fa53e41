import type { ApiResource, Host, KubernetesObject, ObjectReference } from "@lazyoc/plugin";
import { isObject, type Path, pathText } from "../schema/path.js";
import { codeOf, messageOf, pages, resourceOf, served } from "./kinds.js";
import { type LabelSelector, selectorsIn, selectorText } from "./selectors.js";

/** An object that has to do with another one. */
export interface Related {
  object: ObjectReference;
  /** Why: a field, or what owns what. */
  by: string;
  /** Whether it is there; null when that was not, or could not be, looked at. */
  exists: boolean | null;
  note: string;
}

/** What was found by looking through the objects of many kinds. */
export interface Found {
  owned: Related[];
  selected: Related[];
  /** Kinds that were looked through, and those that could not be, with why. */
  kinds: string[];
  unread: { kind: string; reason: string }[];
  isPartial: boolean;
}

/** Owners of owners. */
const maxOwners = 8;

/** References whose objects are looked up. */
const maxLookedUp = 12;

/** Kinds and objects looked through for what an object owns. */
const maxKinds = 24;
const maxObjectsOfKind = 500;

/** Rows of what was found. */
const maxFound = 200;

/** Pause between two kinds, which leaves others their share of calls. */
const pauseMs = 60;

/** Kinds that controllers make most; Secrets are never read. */
const usual: readonly string[] = ["apps/Deployment", "apps/StatefulSet", "apps/DaemonSet", "apps/ReplicaSet", "batch/Job", "batch/CronJob", "/Pod", "/Service", "/ConfigMap", "/PersistentVolumeClaim", "/ServiceAccount", "networking.k8s.io/Ingress", "route.openshift.io/Route"];

/** Owners, from the nearest on. */
export async function ownersOf(object: KubernetesObject, host: Host): Promise<Related[]> {
  const found: Related[] = [];
  let waiting = ownerReferences(object);
  while (waiting.length > 0 && found.length < maxOwners) {
    const { apiVersion, kind, name, uid, controller } = waiting.shift()!;
    const resource = await resourceOf({ group: groupOf(apiVersion), kind }, host);
    const namespace = resource?.namespaced === false ? undefined : object.metadata.namespace;
    const reference = { group: groupOf(apiVersion), kind, name, uid, ...(namespace && { namespace }) };
    const note = controller ? "controller" : "";
    if (found.some((one) => one.object.uid === uid)) continue;
    if (!resource) {
      found.push({ object: reference, by: "owner", exists: null, note: "this kind is not served" });
      continue;
    }
    const owner = await lookUp(reference, resource, host);
    // One of the same name that came later owns nothing.
    const exists = typeof owner === "string" ? null : owner !== null && owner.metadata.uid === uid;
    found.push({ object: reference, by: "owner", exists, note: typeof owner === "string" ? owner : note });
    if (exists) waiting = [...waiting, ...ownerReferences(owner as KubernetesObject)];
  }
  return found;
}

/** Looks whether objects are there; a Secret is never looked at. */
export async function lookUpAll(related: readonly Related[], host: Host): Promise<Related[]> {
  return Promise.all(related.map(async (one, i) => {
    if (i >= maxLookedUp) return one;
    const resource = await resourceOf(one.object, host);
    if (!resource) return { ...one, note: "this kind is not served" };
    if (one.object.group === "" && one.object.kind === "Secret") return { ...one, note: "Secrets are not looked at" };
    const found = await lookUp(one.object, resource, host);
    return typeof found === "string" ? { ...one, note: found } : { ...one, exists: found !== null };
  }));
}

/** Looks through the objects of kinds for those that an object owns, and for what its selectors choose. */
export async function look(object: KubernetesObject, group: string, host: Host): Promise<Found> {
  const result: Found = { owned: [], selected: [], kinds: [], unread: [], isPartial: false };
  const all = (await served(host)).filter(({ verbs }) => verbs.includes("list"));
  await lookForOwned(object, candidates(all, group), result, host);
  for (const { path, selector, kind } of selectorsIn(object)) await lookForSelected(object, path, selector, all.find((one) => one.group === "" && one.kind === kind), result, host);
  return result;
}

/** The usual kinds, and those of the same group or of a group with the same domain. */
function candidates(all: readonly ApiResource[], group: string): ApiResource[] {
  const domain = group.split(".").slice(-2).join(".");
  const isNear = (one: ApiResource) => one.group === group || (domain.includes(".") && one.group.endsWith(`.${domain}`)) || one.group === domain;
  const isUsual = ({ group: of, kind }: ApiResource) => usual.includes(`${of}/${kind}`);
  return [...all.filter((one) => isNear(one) && !isUsual(one)), ...all.filter(isUsual)].slice(0, maxKinds);
}

async function lookForOwned({ metadata: { uid, namespace } }: KubernetesObject, kinds: readonly ApiResource[], result: Found, host: Host): Promise<void> {
  const [name, ns, own, owners] = [".metadata.name", ".metadata.namespace", ".metadata.uid", ".metadata.ownerReferences[*].uid"] as const;
  for (const kind of kinds) {
    // What is in a namespace owns nothing outside of it.
    if (namespace && !kind.namespaced) continue;
    try {
      const { items, hasMore } = await pages({ group: kind.group, resource: kind.plural, fields: [name, ns, own, owners], ...(namespace && { namespace }) }, maxObjectsOfKind, host);
      result.isPartial ||= hasMore;
      for (const item of items) {
        if (!uid || !Array.isArray(item[owners]) || !item[owners].includes(uid)) continue;
        add(result.owned, { object: referenceOf(kind, item[name], item[ns], item[own]), by: "owned", exists: true, note: "" }, result);
      }
      result.kinds.push(kind.kind);
    } catch (failed) {
      if (codeOf(failed) === "cancelled") throw failed;
      result.unread.push({ kind: kind.kind, reason: messageOf(failed) });
    }
    await new Promise<void>((resolve) => setTimeout(resolve, pauseMs));
  }
}

async function lookForSelected({ metadata }: KubernetesObject, path: Path, selector: LabelSelector, kind: ApiResource | undefined, result: Found, host: Host): Promise<void> {
  const text = selectorText(selector);
  // An empty one chooses everything, which tells nothing.
  if (!kind || text === "") return;
  const [name, ns, own] = [".metadata.name", ".metadata.namespace", ".metadata.uid"] as const;
  try {
    const within = kind.namespaced && metadata.namespace ? { namespace: metadata.namespace } : {};
    const { items, hasMore } = await pages({ group: kind.group, resource: kind.plural, labelSelector: text, fields: [name, ns, own], ...within }, maxObjectsOfKind, host);
    result.isPartial ||= hasMore;
    for (const item of items) add(result.selected, { object: referenceOf(kind, item[name], item[ns], item[own]), by: pathText(path), exists: true, note: text }, result);
  } catch (failed) {
    if (codeOf(failed) === "cancelled") throw failed;
    result.unread.push({ kind: `${kind.kind} of ${pathText(path)}`, reason: messageOf(failed) });
  }
}

function add(to: Related[], one: Related, result: Found): void {
  if (to.length < maxFound) to.push(one);
  else result.isPartial = true;
}

/** The object, null when there is none, or why it cannot be told. */
async function lookUp({ name, namespace }: ObjectReference, { group, plural }: ApiResource, host: Host): Promise<KubernetesObject | null | string> {
  try {
    const { items } = await host.kubernetes.project({ group, resource: plural, fieldSelector: `metadata.name=${name}`, fields: [".metadata"], limit: 1, ...(namespace && { namespace }) });
    const metadata = items[0]?.[".metadata"];
    return isObject(metadata) ? ({ metadata } as unknown as KubernetesObject) : null;
  } catch (failed) {
    const code = codeOf(failed);
    if (code === "cancelled") throw failed;
    return code === "not-found" ? null : messageOf(failed);
  }
}

interface OwnerReference {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
  controller: boolean;
}

function ownerReferences({ metadata }: KubernetesObject): OwnerReference[] {
  const references = metadata["ownerReferences"];
  return (Array.isArray(references) ? (references as unknown[]) : [])
    .filter(isObject)
    .map((one) => ({ apiVersion: text(one["apiVersion"]), kind: text(one["kind"]), name: text(one["name"]), uid: text(one["uid"]), controller: one["controller"] === true }))
    .filter(({ kind, name }) => kind !== "" && name !== "");
}

function referenceOf({ group, kind }: ApiResource, name: unknown, namespace: unknown, uid: unknown): ObjectReference {
  return { group, kind, name: text(name), ...(text(namespace) && { namespace: text(namespace) }), ...(text(uid) && { uid: text(uid) }) };
}

export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf("/");
  return slash < 0 ? "" : apiVersion.slice(0, slash);
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
