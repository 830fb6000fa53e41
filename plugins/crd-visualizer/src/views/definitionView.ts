import { button, empty, span, stack, table, type TableColumn, text, tree, type ViewNode } from "@lazyoc/plugin";
import type { Definition, PrinterColumn } from "../cluster/definitions.js";
import type { Objects } from "../cluster/objects.js";
import { clean } from "../edit/form.js";
import { pathText } from "../schema/path.js";
import type { KindFields } from "../schema/schema.js";
import { fieldDetails, schemaAt, schemaTree } from "./schemaTree.js";

/** Versions that a definition's schema is offered in. */
const versionsShown = 8;

const maxCell = 200;

/** One definition, which is open on the page. */
export interface OpenDefinition {
  /** `PLURAL.GROUP`. */
  key: string;
  part: "objects" | "schema";
  /** Whose schema is shown. */
  version: string;
  /** Whether columns of less interest are shown, too. */
  isWide: boolean;
  /** From where on the schema is shown, and the field that is explained. */
  root: string[];
  field: string[] | null;
}

export function definitionView(definition: Definition, open: OpenDefinition, content: ViewNode): ViewNode {
  const chosen = (part: OpenDefinition["part"]) => ({ style: open.part === part ? "accent" : "muted" }) as const;
  return stack([
    text(span(definition.kind, "strong"), span(` ${definition.group}  ${definition.isNamespaced ? "in a namespace" : "of the whole cluster"}  ${definition.versions.map(({ name }) => clean(name, 40)).join(", ")}`, "muted")),
    { type: "columns", weights: [1, 1, 1, 1], children: [button("catalog", "‹ All kinds"), button("objects", "Objects", chosen("objects")), button("schema", "Schema", chosen("schema")), button("refresh", "Refresh")] },
    content,
  ], 1);
}

/** The objects with their printer columns. */
export function objectsView(definition: Definition, { columns, broken, rows, hasMore, namespace }: Objects, isWide: boolean): ViewNode {
  const shown = columns.map((column, i) => ({ column, i })).filter(({ column }) => isWide || column.priority === 0);
  const hasAge = shown.some(({ column }) => column.name.toUpperCase() === "AGE");
  const hidden = columns.length - shown.length;
  const header: (string | TableColumn)[] = [...(definition.isNamespaced ? ["NAMESPACE"] : []), "NAME", ...shown.map(({ column }) => headerOf(column)), ...(hasAge ? [] : [{ title: "AGE", type: "age" } as const])];
  return stack([
    ...broken.map(({ name, reason }) => text(span(`▲ The column ${clean(name, 60)} is left out: `, "warn"), span(clean(reason, 200), "muted"))),
    ...(namespace ? [text(span(`▲ You may not list all namespaces: these are of ${namespace}`, "warn"))] : []),
    rows.length === 0
      ? empty(`There is no ${definition.kind}${namespace ? ` in ${namespace}` : ""}`)
      : table(header, rows.map(({ name, namespace: ns, created, values }) => ({
          id: `${ns} ${name}`,
          cells: [...(definition.isNamespaced ? [span(ns, "muted")] : []), span(name, "strong"), ...shown.map(({ column, i }) => span(cellText(values[i], column), values[i] === undefined || values[i] === null ? "muted" : "plain")), ...(hasAge ? [] : [span(created)])],
        })), { id: "objects-found", selectable: true }),
    ...(hasMore ? [text(span(`▲ There are more; these are the first ${rows.length}`, "warn"))] : []),
    ...(hidden > 0 || isWide ? [button("wide", isWide ? "Fewer columns" : `${hidden} more ${hidden === 1 ? "column" : "columns"}`)] : []),
  ]);
}

function headerOf({ name, type }: PrinterColumn): TableColumn {
  const title = clean(name, 40).toUpperCase();
  if (type === "date") return { title, type: "age" };
  if (type === "integer" || type === "number") return { title, type: "number", align: "end" };
  return ["STATUS", "PHASE", "STATE", "READY"].includes(title) ? { title, type: "status" } : { title };
}

/** As kubectl prints it: what is not there is `<none>`, which reads as a dash here. */
function cellText(value: unknown, { type }: PrinterColumn): string {
  if (value === undefined || value === null) return type === "date" || type === "integer" || type === "number" ? "" : "-";
  return clean(typeof value === "string" ? value : JSON.stringify(value), maxCell);
}

/** The schema as a tree, and what it says of the field that was opened. */
export function schemaView(definition: Definition, open: OpenDefinition, fields: KindFields): ViewNode {
  const schema = schemaAt(fields, open.root);
  const { items, isPartial } = schemaTree(fields, open.root, schema);
  const versions = definition.versions.filter(({ isServed }) => isServed).slice(0, versionsShown);
  return stack([
    ...(versions.length > 1 ? [{ type: "columns", children: versions.map(({ name, isDeprecated }) => button(`version ${name}`, `${clean(name, 20)}${isDeprecated ? " (deprecated)" : ""}`, { style: name === open.version ? "accent" : "muted" })) } as const] : []),
    ...(open.root.length > 0 ? [button("root", `‹ Whole schema, from ${pathText(open.root)}`)] : []),
    ...(open.field ? [{ type: "keyValue", items: fieldDetails(fields, open.field, schemaAt(fields, open.field)) } as const] : [text(span(clean(fields.read(schema).description, 300) || "enter explains a field, or unfolds it", "muted"))]),
    items.length === 0 ? empty(noFields(fields, schema)) : tree("schema-tree", items),
    ...(isPartial ? [text(span("▲ Not all of it is shown: open a field that has more below it", "warn"))] : []),
  ], 1);
}

function noFields(fields: KindFields, schema: unknown): string {
  return fields.read(schema).keepsUnknown ? "The schema names no fields: anything is kept as it is" : "The schema names no fields";
}
