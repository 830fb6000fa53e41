import { type Span, span, type TreeItem } from "@lazyoc/plugin";
import { clean } from "../edit/form.js";
import { isObject, type Path, pointer, valueAt } from "../schema/path.js";
import type { KindFields } from "../schema/schema.js";

/** Items of one tree, levels of it and members of one value: what is beyond is a step away. */
const maxItems = 600;
const maxDepth = 12;
const maxChildren = 200;

/** A tree of so many items is unfolded whole at first, but for the metadata; a larger one to this level. */
const unfoldedItems = 60;
const unfoldedDepth = 1;

const maxValue = 120;
const maxDescription = 120;

/** What stands in every object and tells people nothing. */
const hidden = ["/metadata/managedFields"];

interface Open {
  value: unknown;
  schema: unknown;
  path: Path;
  item: TreeItem;
}

export interface ObjectTree {
  items: TreeItem[];
  isPartial: boolean;
  /** Fields that the schema does not know, among those shown. */
  unknown: number;
}

/** An object as a tree from a place on, each field with what its schema says of it. */
export function objectTree(object: unknown, fields: KindFields | null, root: Path): ObjectTree {
  const top: TreeItem = { id: "", label: [] };
  const waiting: Open[] = [{ value: valueAt(object, root), schema: fields?.at(root), path: root, item: top }];
  let [left, isPartial, unknown] = [maxItems, false, 0];
  for (let i = 0; i < waiting.length; i++) {
    const { value: owner, schema, path, item } = waiting[i]!;
    const all = membersOf(owner).filter(([step]) => !hidden.includes(pointer([...path, step])));
    const depth = path.length - root.length;
    const shown = depth < maxDepth ? all.slice(0, Math.min(maxChildren, left)) : [];
    if (shown.length < all.length) isPartial = true;
    if (shown.length === 0) {
      if (all.length > 0) item.label.push(span(`  … ${all.length} below, enter opens`, "accent"));
      continue;
    }
    left -= shown.length;
    item.children = shown.map(([step, value]) => {
      const at = [...path, step];
      const below = schema === undefined ? undefined : fields?.below(schema, step);
      const isUnknown = fields !== null && schema !== undefined && below === undefined && namesFields(fields, schema) && !isNamed(at);
      if (isUnknown) unknown++;
      const child: TreeItem = { id: pointer(at), label: label(step, value, below === undefined || !fields ? "" : fields.read(below).description, isUnknown), expanded: depth < unfoldedDepth };
      // Below what the schema does not know, it knows nothing either: one mark is enough.
      waiting.push({ value, schema: below, path: at, item: child });
      return child;
    });
    if (shown.length < all.length) item.children.push({ id: `more ${pointer(path)}`, label: [span(`… ${all.length - shown.length} more`, "warn")] });
  }
  const items = top.children ?? [];
  const isSmall = maxItems - left <= unfoldedItems;
  for (const { item, path } of waiting) item.expanded = (isSmall || item.expanded === true) && !(path.length === 1 && path[0] === "metadata");
  return { items, isPartial, unknown };
}

/** Whether a schema says which fields there are: of one that lets everything be, nothing is worth a mark. */
function namesFields(fields: KindFields, schema: unknown): boolean {
  const { properties, additional } = fields.read(schema);
  return properties.size > 0 && additional !== true;
}

/** Definitions say no more of these than that they are there. */
function isNamed(path: Path): boolean {
  return path[0] === "apiVersion" || path[0] === "kind" || path[0] === "metadata";
}

function membersOf(value: unknown): [string | number, unknown][] {
  if (Array.isArray(value)) return value.map((item, i): [number, unknown] => [i, item]);
  return isObject(value) ? Object.entries(value) : [];
}

function label(step: string | number, value: unknown, description: string, isUnknown: boolean): Span[] {
  const words = valueText(value);
  return [
    span(typeof step === "number" ? `[${step}]` : clean(step, 80), "strong"),
    span(words && ` ${words}`, value === null ? "muted" : Array.isArray(value) || isObject(value) ? "muted" : "accent"),
    ...(isUnknown ? [span("  ▲ not in the schema", "warn")] : []),
    ...(description ? [span(`  ${clean(description, maxDescription)}`, "muted")] : []),
  ];
}

function valueText(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? "[]" : `${value.length} ${value.length === 1 ? "item" : "items"}`;
  if (isObject(value)) {
    // What an item of a list is called says more than how much it has.
    const name = value["name"] ?? value["type"];
    return Object.keys(value).length === 0 ? "{}" : typeof name === "string" ? clean(name, 60) : "";
  }
  return typeof value === "string" ? clean(value, maxValue) || '""' : String(value);
}
