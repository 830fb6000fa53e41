import { type Span, span, type TreeItem } from "@lazyoc/plugin";
import { clean, facts } from "../edit/form.js";
import { isObject, type Path, pathText, pointer } from "../schema/path.js";
import type { Field, KindFields } from "../schema/schema.js";

/** Items of one tree, levels of it and fields of one object: what is beyond is a step away. */
const maxItems = 600;
const maxDepth = 12;
const maxChildren = 200;

/** A tree of so many items is unfolded whole at first, but for the metadata; of a larger one only what is wanted. */
const unfoldedItems = 60;

/** Lists of lists of lists. */
const maxWraps = 8;

const maxDescription = 160;

/** Values of an enumeration and rules that are told. */
const optionsTold = 12;
const rulesTold = 8;

interface Open {
  schema: unknown;
  path: Path;
  item: TreeItem;
}

/** A schema as a tree from a place on, wide before deep, so that a limit cuts off the depths. A leaf that has more below opens it. */
export function schemaTree(fields: KindFields, root: Path, schema: unknown): { items: TreeItem[]; isPartial: boolean } {
  const top: TreeItem = { id: "", label: [] };
  const waiting: Open[] = [{ schema, path: root, item: top }];
  let [left, isPartial] = [maxItems, false];
  for (let i = 0; i < waiting.length; i++) {
    const { schema: owner, path, item } = waiting[i]!;
    const all = childrenOf(fields, owner);
    const depth = path.length - root.length;
    const shown = depth < maxDepth ? all.slice(0, Math.min(maxChildren, left)) : [];
    if (shown.length < all.length) isPartial = true;
    if (shown.length === 0) {
      if (all.length > 0) item.label.push(span(`  … ${all.length} below, enter opens`, "accent"));
      continue;
    }
    left -= shown.length;
    const required = new Set(fields.read(inner(fields, owner)).required);
    item.children = shown.map(({ step, schema: below }) => {
      const at = [...path, step];
      const child: TreeItem = { id: pointer(at), label: schemaLabel(step, fields.read(below), required.has(step)), expanded: depth === 0 && step === "spec" };
      waiting.push({ schema: below, path: at, item: child });
      return child;
    });
    if (shown.length < all.length) item.children.push({ id: `more ${pointer(path)}`, label: [span(`… ${all.length - shown.length} more`, "warn")] });
  }
  const isSmall = maxItems - left <= unfoldedItems;
  for (const { item, path } of waiting) item.expanded = (isSmall || item.expanded === true) && !(path.length === 1 && path[0] === "metadata");
  return { items: top.children ?? [], isPartial };
}

/** What is below a schema: its fields, or those of its items or of the values of its keys. */
function childrenOf(fields: KindFields, schema: unknown): { step: string; schema: unknown }[] {
  const { properties } = fields.read(inner(fields, schema));
  const all = [...properties].map(([step, below]) => ({ step, schema: below }));
  if (schema !== fields.root) return all;
  // What says what an object is comes first, as in its YAML, and its status last.
  const [first, last] = [["apiVersion", "kind", "metadata", "spec"], ["status"]];
  const named = (names: readonly string[]) => names.flatMap((name) => all.filter(({ step }) => step === name));
  return [...named(first), ...all.filter(({ step }) => !first.includes(step) && !last.includes(step)), ...named(last)];
}

/** The schema of objects that a list or a map holds, however often they are wrapped; the schema itself when it has fields. */
function inner(fields: KindFields, schema: unknown): unknown {
  let found = schema;
  for (let wraps = 0; wraps < maxWraps; wraps++) {
    const field = fields.read(found);
    const next = field.type === "array" ? field.items : field.properties.size === 0 ? field.additional : undefined;
    if (next === undefined || next === true) break;
    found = next;
  }
  return found;
}

/** The schema at a path of a tree, in which lists and maps have no step of their own; undefined when there is none. */
export function schemaAt(fields: KindFields, path: readonly string[]): unknown {
  let schema: unknown = fields.root;
  for (const step of path) {
    schema = fields.below(inner(fields, schema), step);
    if (schema === undefined) return undefined;
  }
  return schema;
}

function schemaLabel(step: string, field: Field, isRequired: boolean): Span[] {
  return [
    span(clean(step, 80), "strong"),
    span(` ${typeText(field)}`, "info"),
    ...(isRequired ? [span(" required", "warn")] : []),
    ...(field.nullable ? [span(" or null", "muted")] : []),
    ...(field.enumeration ? [span(` one of ${options(field.enumeration)}`, "accent")] : []),
    ...(field.default !== undefined ? [span(` = ${clean(JSON.stringify(field.default), 60)}`, "ok")] : []),
    ...(field.description ? [span(`  ${clean(field.description, maxDescription)}`, "muted")] : []),
  ];
}

function typeText({ type, format, items, additional }: Field): string {
  const named = (schema: unknown) => (isObject(schema) && typeof schema["type"] === "string" ? clean(schema["type"], 20) : "object");
  if (type === "array") return items === undefined ? "list" : `list of ${named(items)}`;
  if (type === "object" && additional !== undefined) return additional === true ? "map" : `map to ${named(additional)}`;
  return format && format !== type ? `${type} (${clean(format, 20)})` : type;
}

function options(values: readonly unknown[]): string {
  const told = values.slice(0, optionsTold).map((one) => clean(typeof one === "string" ? one || '""' : JSON.stringify(one), 30));
  return told.join(" | ") + (values.length > told.length ? ` and ${values.length - told.length} more` : "");
}

/** Everything that a schema says of one field. */
export function fieldDetails(fields: KindFields, path: Path, schema: unknown): { key: string; value: Span[] }[] {
  if (schema === undefined) return [{ key: "Field", value: [span(pathText(path)), span("  ▲ not in the schema", "warn")] }];
  const field = fields.read(schema);
  const items: [string, string][] = [
    ["Field", pathText(path)],
    ["Type", typeText(field) + (field.nullable ? " or null" : "")],
    ["Description", clean(field.description, 800)],
    ["Allowed", field.enumeration ? options(field.enumeration) : ""],
    ["Bounds", clean([...facts(field), ...bounds(field)].join(", "), 300)],
    ["Unknown fields", field.keepsUnknown ? "are kept" : ""],
    ["Extensions", field.extensions.map((one) => clean(one, 120)).join(", ")],
    ...field.rules.slice(0, rulesTold).map(({ rule, message }): [string, string] => ["Rule", clean(message ? `${message}: ${rule}` : rule, 300)]),
    ...(field.rules.length > rulesTold ? [["", `${field.rules.length - rulesTold} rules more`] as [string, string]] : []),
  ];
  return items.filter(([, value]) => value !== "").map(([key, value]) => ({ key, value: [span(value)] }));
}

function bounds({ minItems, maxItems, uniqueItems, multipleOf }: Field): string[] {
  return [
    ...(minItems !== undefined ? [`at least ${minItems} items`] : []),
    ...(maxItems !== undefined ? [`at most ${maxItems} items`] : []),
    ...(uniqueItems ? ["each once"] : []),
    ...(multipleOf !== undefined ? [`a multiple of ${multipleOf}`] : []),
  ];
}
