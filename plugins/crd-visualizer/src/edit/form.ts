import { form, type FormField, type FormValues, type ViewNode } from "@lazyoc/plugin";
import { pointer, valueAt } from "../schema/path.js";
import { Pattern } from "../schema/pattern.js";
import type { Problem } from "../schema/validate.js";
import type { Scalar, Section } from "./sections.js";

/** Options that a list to choose from has; of more the user types one. */
const maxOptions = 200;

/** Characters of a label and of a help text. */
const maxLabel = 60;
const maxHelp = 240;

/** Characters of a value that is edited in a line. */
const maxValue = 2_000;

/** Patterns that the host checks while the user types; larger ones are checked when it is submitted. */
const maxPattern = 120;
const maxPatternSize = 200;

/** What stands for an optional choice that is left open. */
export const unset = "";

/** The form of a section over an object. Problems stand at their fields. */
export function formOf(section: Section, object: unknown, draft: FormValues | undefined, problems: readonly Problem[]): ViewNode {
  return form(`form ${pointer(section.path)}`, editable(section, object).map((field) => {
    const name = pointer(field.path);
    const own = problems.filter(({ path }) => pointer(path) === name).map(({ message }) => `✗ ${message}`);
    return fieldOf(field, draft ? draft[name] : (valueAt(object, field.path) as FormField["value"]), own);
  }), "Check the change");
}

/** The fields that a form can hold: a value of another type than its schema's, or a long text, is no matter for a line. */
export function editable({ fields }: Section, object: unknown): Scalar[] {
  return fields.filter(({ path, schema: { type } }) => {
    const value = valueAt(object, path);
    if (value === undefined || value === null) return true;
    if (typeof value === "string") return (type === "string" || type === "int-or-string") && value.length <= maxValue && !/[\p{Cc}]/u.test(value);
    if (typeof value === "number") return type === "number" || ((type === "integer" || type === "int-or-string") && Number.isSafeInteger(value));
    return typeof value === "boolean" && type === "boolean";
  });
}

function fieldOf({ path, name, schema, isRequired }: Scalar, value: FormField["value"] | null, problems: readonly string[]): FormField {
  const field: FormField = { name: pointer(path), label: clean(name, maxLabel), kind: "text", help: clean([...problems, schema.description.replace(/\.$/, ""), ...facts(schema)].filter((one) => one !== "").join(" · "), maxHelp) };
  const given = value ?? undefined;
  const isNeeded = isRequired && schema.default === undefined;
  const options = schema.enumeration?.every((one) => typeof one === "string") ? (schema.enumeration as string[]) : null;
  if (schema.type === "boolean") return { ...field, kind: "toggle", value: (given ?? schema.default) === true };
  if (options && options.length > 0 && options.length <= maxOptions) return { ...field, kind: "select", ...choice(options, given, isNeeded) };
  if (isNeeded) field.required = true;
  if (schema.type === "integer" || schema.type === "number") {
    const { minimum, maximum } = schema;
    const number = typeof given === "number" ? given : undefined;
    // The host takes no form whose own first value breaks it; what is outside now is said when it is checked.
    if (minimum !== undefined && !(number !== undefined && number < minimum) && !(maximum !== undefined && minimum > maximum)) field.min = minimum;
    if (maximum !== undefined && !(number !== undefined && number > maximum) && !(minimum !== undefined && minimum > maximum)) field.max = maximum;
    return { ...field, kind: "number", ...(number !== undefined && { value: number }) };
  }
  const text = given === undefined ? "" : String(given);
  const pattern = schema.type === "string" && schema.pattern !== undefined ? hostPattern(schema.pattern, text) : undefined;
  return { ...field, ...(pattern !== undefined && { pattern }), ...(text !== "" && { value: text }) };
}

function choice(options: readonly string[], given: FormField["value"], isNeeded: boolean): Pick<FormField, "options" | "value" | "required"> {
  const distinct = [...new Set(options)].filter((one) => one !== unset && one.length <= maxValue / 2);
  const known = typeof given !== "string" || given === "" || distinct.includes(given) ? [] : [{ value: given, label: `${clean(given, maxLabel)} (not allowed)` }];
  return {
    options: [...(isNeeded ? [] : [{ value: unset, label: "(not set)" }]), ...distinct.map((one) => ({ value: one, label: clean(one, maxLabel) })), ...known],
    ...(typeof given === "string" && given !== "" ? { value: given } : isNeeded ? {} : { value: unset }),
    ...(isNeeded && { required: true }),
  };
}

/** A pattern that means the same to the host, which holds it against the whole text; undefined for any other. */
function hostPattern(pattern: string, value: string): string | undefined {
  if (pattern.length > maxPattern || !pattern.startsWith("^") || !/[^\\]\$$/.test(pattern) || pattern.includes("|") || pattern.includes("&&")) return undefined;
  const known = Pattern.read(pattern);
  if (!known || known.size > maxPatternSize) return undefined;
  return value === "" || known.test(value) === "matches" ? pattern : undefined;
}

/** Formats that tell people nothing beside the type. */
const untold = ["int32", "int64", "int-or-string", "float", "double"];

/** What a field's schema asks for, in words. */
export function facts({ minLength, maxLength, minimum, maximum, exclusiveMinimum, exclusiveMaximum, format, pattern, default: value }: Scalar["schema"]): string[] {
  return [
    ...between(minLength, maxLength, " characters"),
    ...(exclusiveMinimum || exclusiveMaximum ? [...between(minimum, undefined, "", exclusiveMinimum), ...between(undefined, maximum, "", exclusiveMaximum)] : between(minimum, maximum, "")),
    ...(format && !untold.includes(format) ? [format] : []),
    ...(pattern !== undefined ? [pattern] : []),
    ...(value !== undefined ? [`${JSON.stringify(value)} when left out`] : []),
  ];
}

function between(least: number | undefined, most: number | undefined, what: string, isExcluded = false): string[] {
  if (least === undefined && most === undefined) return [];
  if (least !== undefined && most !== undefined) return [`${least} to ${most}${what}`];
  return [least === undefined ? `${isExcluded ? "below" : "at most"} ${most}${what}` : `${isExcluded ? "above" : "at least"} ${least}${what}`];
}

/** On one line, without control characters, and not too long. */
export function clean(text: string, most: number): string {
  const line = text.slice(0, most * 4).replace(/[\p{Cc}\p{Cf}\s]+/gu, " ").trim();
  return line.length <= most ? line : `${line.slice(0, most - 1)}…`;
}
