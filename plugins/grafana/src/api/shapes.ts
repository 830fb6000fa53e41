/** Reads JSON that may be anything: what is not of the shape expected is as if it were not there. */

export type Shape = Record<string, unknown>;

/** The members of an object; none of anything else. */
export function shapeOf(value: unknown): Shape {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Shape) : {};
}

/** The items of an array; none of anything else. */
export function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The objects in an array. */
export function shapesOf(value: unknown): Shape[] {
  return listOf(value).filter((item) => typeof item === "object" && item !== null && !Array.isArray(item)) as Shape[];
}

export function textOf(value: unknown, otherwise = ""): string {
  return typeof value === "string" ? value : typeof value === "number" || typeof value === "boolean" ? String(value) : otherwise;
}

/** A finite number, also when it is written as text. */
export function numberOf(value: unknown): number | undefined {
  const number = typeof value === "number" ? value : typeof value === "string" && value.trim() !== "" ? Number(value) : NaN;
  return Number.isFinite(number) ? number : undefined;
}

/** Texts of an array, or the one text that stands in its place. */
export function textsOf(value: unknown): string[] {
  return (Array.isArray(value) ? value : value === undefined || value === null ? [] : [value]).map((item) => textOf(item));
}

/** Text with an end. */
export function cut(text: string, chars: number): string {
  return text.length <= chars ? text : `${text.slice(0, chars - 1)}…`;
}
