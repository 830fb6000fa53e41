import type { KindSchema } from "@lazyoc/plugin";
import { isObject, type Path } from "./path.js";

export type FieldType = "object" | "array" | "string" | "integer" | "number" | "boolean" | "int-or-string" | "any";

/** What a schema says of one value. What it says in a way that nobody expects counts as not said. */
export interface Field {
  type: FieldType;
  description: string;
  format: string;
  nullable: boolean;
  /** The values that are allowed; null for any. */
  enumeration: readonly unknown[] | null;
  default: unknown;
  required: readonly string[];
  /** Schemas of an object's own fields, by name. */
  properties: ReadonlyMap<string, unknown>;
  /** The schema of a list's items. */
  items: unknown;
  /** The schema of the values of free keys; true for any value, undefined when there are no free keys. */
  additional: unknown;
  /** Fields that the schema does not name are kept. */
  keepsUnknown: boolean;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum: boolean;
  exclusiveMaximum: boolean;
  multipleOf?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  uniqueItems: boolean;
  pattern?: string;
  listType: string;
  listKeys: readonly string[];
  /** Rules that only the API server can evaluate, in CEL. */
  rules: readonly { rule: string; message: string }[];
  /** The names of its `x-kubernetes-…` extensions with short values. */
  extensions: readonly string[];
}

/** A reference may lead to another one so often. */
const maxHops = 16;

const prefix = "#/components/schemas/";

const types: readonly string[] = ["object", "array", "string", "integer", "number", "boolean"];

/** The schema of a kind with its definitions. Reading it follows references as it goes, so one that leads back to itself costs nothing. */
export class KindFields {
  readonly #definitions: Record<string, unknown>;
  readonly #read = new Map<unknown, Field>();
  readonly root: unknown;

  constructor({ schema, definitions }: KindSchema) {
    this.root = schema;
    this.#definitions = definitions;
  }

  /** What a schema says. */
  read(schema: unknown): Field {
    const known = this.#read.get(schema);
    if (known) return known;
    const field = fieldOf(this.#resolve(schema));
    this.#read.set(schema, field);
    return field;
  }

  /** The schema of one field of an object, or of an item of a list; undefined when there is none. */
  below(schema: unknown, step: string | number): unknown {
    const field = this.read(schema);
    if (typeof step === "number") return field.items;
    return field.properties.get(step) ?? (field.additional === true ? undefined : field.additional);
  }

  /** The schema at a path; undefined when there is none. */
  at(path: Path): unknown {
    let schema: unknown = this.root;
    for (const step of path) {
      schema = this.below(schema, step);
      if (schema === undefined) return undefined;
    }
    return schema;
  }

  /** Follows references, and the `allOf` of one schema that generators put around them; what stands beside them counts more. */
  #resolve(schema: unknown): Record<string, unknown> {
    let found: Record<string, unknown> = isObject(schema) ? schema : {};
    for (let hop = 0; hop < maxHops; hop++) {
      const { $ref, allOf, ...own } = found;
      const reference = typeof $ref === "string" ? $ref : undefined;
      if (reference === undefined && !(Array.isArray(allOf) && allOf.length === 1)) return found;
      const other = reference === undefined ? (allOf as unknown[])[0] : reference.startsWith(prefix) ? this.#definitions[reference.slice(prefix.length)] : undefined;
      found = { ...(isObject(other) ? other : {}), ...own };
    }
    return found;
  }
}

function fieldOf(schema: Record<string, unknown>): Field {
  const properties = isObject(schema["properties"]) ? new Map(Object.entries(schema["properties"])) : new Map<string, unknown>();
  const additional = schema["additionalProperties"];
  const field: Field = {
    type: typeOf(schema, properties.size > 0),
    description: text(schema["description"]),
    format: text(schema["format"]),
    nullable: schema["nullable"] === true,
    enumeration: Array.isArray(schema["enum"]) ? schema["enum"] : null,
    default: schema["default"],
    required: texts(schema["required"]),
    properties,
    items: schema["items"],
    additional: additional === true || isObject(additional) ? additional : undefined,
    keepsUnknown: schema["x-kubernetes-preserve-unknown-fields"] === true || schema["x-kubernetes-embedded-resource"] === true,
    exclusiveMinimum: schema["exclusiveMinimum"] === true,
    exclusiveMaximum: schema["exclusiveMaximum"] === true,
    uniqueItems: schema["uniqueItems"] === true,
    listType: text(schema["x-kubernetes-list-type"]),
    listKeys: texts(schema["x-kubernetes-list-map-keys"]),
    rules: (Array.isArray(schema["x-kubernetes-validations"]) ? schema["x-kubernetes-validations"] : []).filter(isObject).map((one) => ({ rule: text(one["rule"]), message: text(one["message"]) })),
    extensions: Object.entries(schema).filter(([name]) => name.startsWith("x-kubernetes-") && !untold.includes(name)).map(([name, value]) => (value === true ? name : `${name}: ${JSON.stringify(value)}`)),
  };
  for (const name of ["minimum", "maximum", "multipleOf", "minLength", "maxLength", "minItems", "maxItems"] as const) {
    const value = schema[name];
    if (typeof value === "number") field[name] = value;
  }
  const pattern = schema["pattern"];
  if (typeof pattern === "string") field.pattern = pattern;
  return field;
}

/** Extensions that are told in other words, or that tell people nothing. */
const untold = ["x-kubernetes-validations", "x-kubernetes-group-version-kind", "x-kubernetes-action"];

function typeOf(schema: Record<string, unknown>, hasProperties: boolean): FieldType {
  if (schema["x-kubernetes-int-or-string"] === true || schema["format"] === "int-or-string") return "int-or-string";
  const type = schema["type"];
  if (typeof type === "string" && types.includes(type)) return type as FieldType;
  return hasProperties ? "object" : "any";
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}
