import type { Host } from "@lazyoc/plugin";
import { isObject } from "../schema/path.js";
import { canBeCustom, codeOf, messageOf, pages, served } from "./kinds.js";

export interface Version {
  name: string;
  isServed: boolean;
  isStored: boolean;
  isDeprecated: boolean;
}

/** A custom resource definition. */
export interface Definition {
  group: string;
  kind: string;
  plural: string;
  isNamespaced: boolean;
  /** As the definition lists them; when it may not be read, the one that is preferred. */
  versions: Version[];
  /** Null when the definition may not be read. */
  isEstablished: boolean | null;
  /** What a condition of the definition says is wrong. */
  problem: string;
}

export interface Catalog {
  definitions: Definition[];
  /** Why the definitions themselves could not be read; what is known then comes from discovery. */
  refused: string;
  hasMore: boolean;
}

/** A printer column, as far as its definition makes sense. */
export interface PrinterColumn {
  name: string;
  type: string;
  path: string;
  description: string;
  /** Above 0 for what is of interest only to who wants to know all. */
  priority: number;
}

export const group = "apiextensions.k8s.io";
export const resource = "customresourcedefinitions";

const maxDefinitions = 1_000;

/** Printer columns of one definition that are read; the host takes as many paths in a call. */
const maxColumns = 24;

const fields = {
  group: ".spec.group",
  kind: ".spec.names.kind",
  plural: ".spec.names.plural",
  scope: ".spec.scope",
  names: ".spec.versions[*].name",
  served: ".spec.versions[?(@.served==true)].name",
  stored: ".spec.versions[?(@.storage==true)].name",
  deprecated: ".spec.versions[?(@.deprecated==true)].name",
  conditions: ".status.conditions",
} as const;

/** Every definition, by group and kind. Who may not read them is shown what discovery knows. */
export async function catalog(host: Host): Promise<Catalog> {
  try {
    const { items, hasMore } = await pages({ group, resource, fields: Object.values(fields) }, maxDefinitions, host);
    return { definitions: items.map(definitionOf).sort(byName), refused: "", hasMore };
  } catch (failed) {
    if (codeOf(failed) !== "permission-denied") throw failed;
    const custom = (await served(host)).filter((one) => canBeCustom(one.group));
    return { definitions: custom.map(({ group, kind, plural, namespaced, version }) => ({ group, kind, plural, isNamespaced: namespaced, versions: [{ name: version, isServed: true, isStored: false, isDeprecated: false }], isEstablished: null, problem: "" })).sort(byName), refused: messageOf(failed), hasMore: false };
  }
}

/** The printer columns of one version; none when the definition has none or may not be read. */
export async function printerColumns({ plural, group: of }: Pick<Definition, "plural" | "group">, version: string, host: Host): Promise<PrinterColumn[]> {
  // It stands in a path below.
  if (!/^[a-z0-9-]+$/.test(version)) return [];
  const path = `.spec.versions[?(@.name=="${version}")].additionalPrinterColumns`;
  try {
    const { items } = await host.kubernetes.project({ group, resource, fieldSelector: `metadata.name=${plural}.${of}`, fields: [path], limit: 1 });
    const found = items[0]?.[path];
    return (Array.isArray(found) ? found.flat() : []).filter(isObject).map(columnOf).filter(({ name, path }) => name !== "" && path !== "").slice(0, maxColumns);
  } catch (failed) {
    if (codeOf(failed) !== "permission-denied") throw failed;
    return [];
  }
}

function definitionOf(item: Record<string, unknown>): Definition {
  const [servedNames, stored, deprecated] = [texts(item[fields.served]), texts(item[fields.stored]), texts(item[fields.deprecated])];
  const conditions = (Array.isArray(item[fields.conditions]) ? (item[fields.conditions] as unknown[]) : []).filter(isObject);
  const of = (type: string) => conditions.find((one) => one["type"] === type);
  const wrong = [of("Terminating")?.["status"] === "True" ? of("Terminating") : undefined, of("NonStructuralSchema")?.["status"] === "True" ? of("NonStructuralSchema") : undefined, of("NamesAccepted")?.["status"] === "False" ? of("NamesAccepted") : undefined].find((one) => one !== undefined);
  return {
    group: text(item[fields.group]),
    kind: text(item[fields.kind]),
    plural: text(item[fields.plural]),
    isNamespaced: item[fields.scope] !== "Cluster",
    versions: texts(item[fields.names]).map((name) => ({ name, isServed: servedNames.includes(name), isStored: stored.includes(name), isDeprecated: deprecated.includes(name) })),
    isEstablished: of("Established")?.["status"] === "True",
    problem: wrong ? `${text(wrong["type"])}: ${text(wrong["message"]) || text(wrong["reason"])}` : "",
  };
}

function columnOf(column: Record<string, unknown>): PrinterColumn {
  const priority = column["priority"];
  return { name: text(column["name"]), type: text(column["type"]) || "string", path: text(column["jsonPath"]), description: text(column["description"]), priority: typeof priority === "number" ? priority : 0 };
}

function byName(a: Definition, b: Definition): number {
  return a.group.localeCompare(b.group) || a.kind.localeCompare(b.kind);
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}
