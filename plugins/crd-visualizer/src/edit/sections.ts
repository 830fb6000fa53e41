import { isObject, type Path, pathText, valueAt } from "../schema/path.js";
import type { Field, KindFields } from "../schema/schema.js";

/** An object of the kind's schema that has scalar fields of its own: one form. */
export interface Section {
  path: Path;
  description: string;
  /** Whether the object has it; what is filled in makes it. */
  isSet: boolean;
  fields: Scalar[];
  /** Fields beyond what one form holds. */
  left: number;
}

export interface Scalar {
  path: Path;
  name: string;
  schema: Field;
  isRequired: boolean;
}

/** Sections of one object, and how deep its schema is searched for them and how many fields of it are looked at. */
const maxSections = 60;
const maxDepth = 10;
const maxLooked = 1_000;

/** Items of a list of objects that have a form. */
const maxItems = 10;

/** Characters of a field's name: those of all names in a path are the name of a form's field. */
const maxName = 80;

/** Fields of a form; the host takes no more. */
const maxFields = 50;

/** What says what the object is, and what its controller says of it, is not edited. */
const kept = ["apiVersion", "kind", "metadata", "status"];

const scalars: readonly string[] = ["string", "integer", "number", "boolean", "int-or-string"];

/** Every section, outer ones first. */
export function sectionsOf(fields: KindFields, object: unknown): Section[] {
  const found: Section[] = [];
  const waiting: { schema: unknown; path: Path }[] = [{ schema: fields.root, path: [] }];
  let left = maxLooked;
  for (let i = 0; i < waiting.length && left > 0 && found.length < maxSections; i++) {
    const { schema, path } = waiting[i]!;
    const section = fields.read(schema);
    const members = [...section.properties].filter(([name]) => isName(name) && (path.length > 0 || !kept.includes(name))).slice(0, left).map(([name, below]) => ({ name, below, field: fields.read(below) }));
    left -= members.length;
    const own = members.filter(({ field }) => scalars.includes(field.type));
    if (own.length > 0) {
      const shown = own.slice(0, maxFields).map(({ name, field }) => ({ path: [...path, name], name, schema: field, isRequired: section.required.includes(name) }));
      found.push({ path, description: section.description, isSet: isObject(valueAt(object, path)), fields: shown, left: own.length - shown.length });
    }
    if (path.length >= maxDepth) continue;
    for (const { name, below, field } of members) {
      const at = [...path, name];
      if (field.type === "object" && field.properties.size > 0) waiting.push({ schema: below, path: at });
      // A new item is more than a form can say: those that are there can be changed.
      if (field.type === "array" && fields.read(field.items).properties.size > 0) {
        const items = valueAt(object, at);
        for (let item = 0; Array.isArray(items) && item < Math.min(items.length, maxItems); item++) waiting.push({ schema: field.items, path: [...at, item] });
      }
    }
  }
  return found;
}

/** Whether a field's name can stand in a form: definitions may hold any text. */
function isName(name: string): boolean {
  return name.length <= maxName && !/\p{Cc}/u.test(name);
}

/** What names a section in a view. */
export function sectionId({ path }: Pick<Section, "path">): string {
  return pathText(path) || "(top)";
}
