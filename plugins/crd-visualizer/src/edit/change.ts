import type { FormValues, PatchOperation } from "@lazyoc/plugin";
import type { Json } from "@lazyoc/plugin";
import { isObject, type Path, pathText, pointer, valueAt } from "../schema/path.js";
import { editable, unset } from "./form.js";
import type { Scalar, Section } from "./sections.js";

type Value = string | number | boolean;

/** One field that becomes another; undefined for a field that is not there. */
export interface FieldChange {
  path: Path;
  from: unknown;
  to: Value | undefined;
}

/** What a filled-in form changes. */
export function changesOf(section: Section, object: unknown, values: FormValues): FieldChange[] {
  return editable(section, object).flatMap((field) => {
    const from = valueAt(object, field.path) ?? undefined;
    // A line that was left empty has no value, or null.
    const to = valueOf(field, values[pointer(field.path)] ?? undefined, from);
    return from === to ? [] : [{ path: field.path, from, to }];
  });
}

/** A field's new value. A switch that is off where there was nothing leaves it so. */
function valueOf({ schema }: Scalar, value: Value | undefined, from: unknown): Value | undefined {
  if (schema.type === "boolean") return from === undefined && (value === true) === (schema.default === true) ? undefined : value === true;
  if (value === undefined || value === unset) return from === "" ? "" : undefined;
  if (schema.type === "int-or-string" && typeof value === "string" && /^-?\d{1,15}$/.test(value) && typeof from !== "string") return Number(value);
  return value;
}

/** The object with changes made, as far as they reach: what is not changed is shared. */
export function changed(object: unknown, changes: readonly FieldChange[]): unknown {
  return changes.reduce((root, { path, to }) => set(root, path, to), object);
}

function set(owner: unknown, [step, ...rest]: Path, value: unknown): unknown {
  if (step === undefined) return value;
  if (Array.isArray(owner)) return owner.map((item, i) => (i === step ? set(item, rest, value) : (item as unknown)));
  const copy: Record<string, unknown> = isObject(owner) ? { ...owner } : {};
  const below = set(copy[step], rest, value);
  if (below === undefined) delete copy[step];
  else copy[step] = below;
  return copy;
}

/**
 * The changes as a JSON Patch, which fails when what it changes has changed meanwhile: each value that goes is tested, and where
 * an object has to be made first, so is the revision.
 */
export function patchOf(object: unknown, changes: readonly FieldChange[]): PatchOperation[] {
  const operations: PatchOperation[] = [];
  const made = new Set<string>();
  for (const { path, from, to } of changes) {
    if (from !== undefined) {
      operations.push({ op: "test", path: pointer(path), value: from as Json }, to === undefined ? { op: "remove", path: pointer(path) } : { op: "replace", path: pointer(path), value: to });
      continue;
    }
    for (let depth = 1; depth < path.length; depth++) {
      const owner = path.slice(0, depth);
      if (isThere(object, owner) || made.has(pointer(owner))) continue;
      if (made.size === 0) operations.unshift({ op: "test", path: "/metadata/resourceVersion", value: valueAt(object, ["metadata", "resourceVersion"]) as Json });
      made.add(pointer(owner));
      operations.push({ op: "add", path: pointer(owner), value: {} });
    }
    operations.push({ op: "add", path: pointer(path), value: to as Json });
  }
  return operations;
}

function isThere(object: unknown, path: Path): boolean {
  const value = valueAt(object, path);
  return value !== undefined && value !== null;
}

/** Whether what a change begins with is still so. */
export function isCurrent(object: unknown, { path, from }: FieldChange): boolean {
  return (valueAt(object, path) ?? undefined) === from;
}

export function shown(value: unknown): string {
  return value === undefined ? "(not set)" : typeof value === "string" ? value : JSON.stringify(value);
}

/** One line for a question: `spec.project: default → shop`. */
export function changeText({ path, from, to }: FieldChange): string {
  return `${pathText(path)}: ${shown(from)} → ${shown(to)}`;
}
