import type { ApiResource, KubernetesObject, ObjectReference } from "@lazyoc/plugin";
import { isObject, pathText } from "../schema/path.js";
import { groupOf, type Related } from "./relations.js";
import { valuesOf } from "./selectors.js";

const maxReferences = 40;

/** Names of fields that mean a kind by another word. */
const words: Record<string, string> = { claim: "PersistentVolumeClaim", configMapKey: "ConfigMap", secretKey: "Secret", pvc: "PersistentVolumeClaim", credentials: "Secret" };

/**
 * Objects that fields name plainly: a `…Ref` with a name, and a kind where the field's own does not say it, or a `…Name` that is
 * a text and begins with a kind that the cluster serves, such as `configMapName`.
 */
export function referencesIn(object: KubernetesObject, group: string, resources: readonly ApiResource[]): Related[] {
  const found: Related[] = [];
  for (const { path, value } of valuesOf(object)) {
    const field = path.at(-1);
    if (found.length >= maxReferences) break;
    if (typeof field !== "string") continue;
    const reference = isObject(value) ? referenceOf(field, value, object, group, resources) : typeof value === "string" ? namedBy(field, value, object, group, resources) : null;
    if (reference && !found.some(({ object: { kind, name, namespace } }) => kind === reference.kind && name === reference.name && namespace === reference.namespace)) found.push({ object: reference, by: pathText(path), exists: null, note: "" });
  }
  return found;
}

/** `{ kind, name }` under any `…Ref`, or `{ name }` under one that is called after its kind. */
function referenceOf(field: string, value: Record<string, unknown>, from: KubernetesObject, group: string, resources: readonly ApiResource[]): ObjectReference | null {
  const { name, kind, namespace, apiVersion, apiGroup } = value;
  const stem = /^(.+?)(Key)?(Ref|Reference|Selector)?$/.exec(field)!;
  const isReference = /(Ref|Reference)$/.test(field) || /KeySelector$/.test(field);
  if (typeof name !== "string" || name === "" || !(isReference || (typeof kind === "string" && (apiVersion ?? apiGroup) !== undefined))) return null;
  const of = typeof apiVersion === "string" ? groupOf(apiVersion) : typeof apiGroup === "string" ? apiGroup : typeof value["group"] === "string" ? value["group"] : undefined;
  const resource = typeof kind === "string" ? find(kind, of, group, resources) : find(kindOf(stem[1]!), of, group, resources);
  return resource ? within(resource, name, typeof namespace === "string" ? namespace : undefined, from) : null;
}

function namedBy(field: string, name: string, from: KubernetesObject, group: string, resources: readonly ApiResource[]): ObjectReference | null {
  const stem = /^(.+)(Name|Ref)$/.exec(field)?.[1];
  if (!stem || !/^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/.test(name)) return null;
  const resource = find(kindOf(stem), undefined, group, resources);
  return resource ? within(resource, name, undefined, from) : null;
}

/** `configMap` is ConfigMap, and so is what ends in it, such as `tlsSecret`. */
function kindOf(stem: string): string {
  const known = Object.hasOwn(words, stem) ? words[stem] : undefined;
  return known ?? stem[0]!.toUpperCase() + stem.slice(1);
}

/** A kind of the group that is meant, or else of the object's own, of the core or of the only other one that has it. */
function find(kind: string, of: string | undefined, own: string, resources: readonly ApiResource[]): ApiResource | undefined {
  const all = resources.filter((one) => one.kind === kind || kind.endsWith(one.kind) && ["Secret", "ConfigMap", "ServiceAccount"].includes(one.kind));
  if (of !== undefined) return all.find(({ group }) => group === of);
  return all.find(({ group }) => group === own) ?? all.find(({ group }) => group === "") ?? (all.length === 1 ? all[0] : undefined);
}

function within({ group, kind, namespaced }: ApiResource, name: string, namespace: string | undefined, { metadata }: KubernetesObject): ObjectReference {
  const ns = namespace ?? metadata.namespace;
  return { group, kind, name, ...(namespaced && ns && { namespace: ns }) };
}
