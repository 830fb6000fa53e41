import type { Host, KubernetesObject, ObjectReference } from "@lazyoc/plugin";
import type { Definition, PrinterColumn } from "./definitions.js";
import { codeOf, messageOf, pages, resourceOf } from "./kinds.js";

/** Rows of a table of objects. */
export const maxObjects = 500;

export interface Row {
  name: string;
  namespace: string;
  created: string;
  /** One value a column; undefined when there is none. */
  values: unknown[];
}

export interface Objects {
  /** Those whose path could be read. */
  columns: PrinterColumn[];
  /** Columns that were left out, with why. */
  broken: { name: string; reason: string }[];
  rows: Row[];
  hasMore: boolean;
  /** The only namespace that could be listed; empty for all. */
  namespace: string;
}

const own = { name: ".metadata.name", namespace: ".metadata.namespace", created: ".metadata.creationTimestamp" } as const;

/** The objects of a kind with their printer columns. Who may not list all namespaces sees his own. */
export async function objectsOf(definition: Definition, columns: readonly PrinterColumn[], ownNamespace: string, host: Host): Promise<Objects> {
  const broken: Objects["broken"] = [];
  let left = [...columns];
  let only = "";
  for (;;) {
    try {
      const request = { group: definition.group, resource: definition.plural, fields: [...new Set([...Object.values(own), ...left.map(({ path }) => path)])], ...(only && { namespace: only }) };
      const { items, hasMore } = await pages(request, maxObjects, host);
      return { columns: left, broken, rows: items.map((item) => rowOf(item, left)), hasMore, namespace: only };
    } catch (failed) {
      const code = codeOf(failed);
      const bad = left.filter(({ path }) => code === "too-large" || (code === "invalid" && messageOf(failed).includes(path)));
      if (bad.length > 0) {
        // The paths of these columns cannot be read, or select too much: the others can.
        left = left.filter((one) => !bad.includes(one));
        broken.push(...bad.map(({ name }) => ({ name, reason: messageOf(failed) })));
      } else if (code === "permission-denied" && only === "" && definition.isNamespaced && ownNamespace !== "") only = ownNamespace;
      else throw failed;
    }
  }
}

/** A path that can select several values gives the first, as kubectl does. */
function rowOf(item: Record<string, unknown>, columns: readonly PrinterColumn[]): Row {
  const text = (field: string) => (typeof item[field] === "string" ? (item[field] as string) : "");
  const first = (value: unknown) => (Array.isArray(value) ? (value as unknown[])[0] : value);
  return { name: text(own.name), namespace: text(own.namespace), created: text(own.created), values: columns.map(({ path }) => first(item[path])) };
}

/** An object and the resource that it is of. */
export async function objectOf(reference: ObjectReference, host: Host): Promise<{ object: KubernetesObject; resource: string; version: string }> {
  const resource = await resourceOf(reference, host);
  if (!resource) throw new Error(`the cluster serves no ${reference.kind} of ${reference.group || "the core group"}`);
  const object = await host.kubernetes.get({ group: reference.group, resource: resource.plural, name: reference.name, ...(reference.namespace && { namespace: reference.namespace }) });
  return { object, resource: resource.plural, version: resource.version };
}
