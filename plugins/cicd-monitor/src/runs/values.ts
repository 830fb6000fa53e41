/** Reading what a cluster says. Objects are made by others: any value may be missing, of another type, or absurd. */

/** Characters of a text that is shown in a line. */
const textChars = 300;

/** Times before and after which a time is none: Go's zero time is of the year 1. */
const earliest = Date.UTC(2000, 0);
const latest = Date.UTC(2200, 0);

export type Fields = Record<string, unknown>;

export function recordOf(value: unknown): Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

export function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** One line of text; empty for what is none. */
export function textOf(value: unknown, chars = textChars): string {
  if (typeof value !== "string") return "";
  const start = value.length > chars * 4 ? value.slice(0, chars * 4) : value;
  const line = isPlain(start) ? start : withoutControls(start).replace(/\s+/g, " ").trim();
  return line.length <= chars ? line : `${line.slice(0, chars - 1)}…`;
}

/** Whether nothing in it needs a closer look: what JSON escapes makes it longer than its quotes do. To look with an expression costs a hundred times as much. */
function isPlain(text: string): boolean {
  return JSON.stringify(text).length === text.length + 2;
}

/** A time in milliseconds; null for what is none. */
export function timeOf(value: unknown): number | null {
  const time = typeof value === "string" ? Date.parse(value) : NaN;
  return time >= earliest && time < latest ? time : null;
}

/** Text without colours and other sequences for a terminal; their characters alone would stay as garbage. */
export function withoutControls(text: string): string {
  return text.replace(/\x1b\[[0-9;:?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?/g, "").replace(/[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g, " ");
}

/** A label or annotation. */
export function entryOf(map: unknown, key: string): string {
  const entries = recordOf(map);
  return Object.hasOwn(entries, key) ? textOf(entries[key]) : "";
}
