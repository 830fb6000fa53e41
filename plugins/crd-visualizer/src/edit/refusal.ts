import { type Path, pathText } from "../schema/path.js";
import type { Problem } from "../schema/validate.js";

/** Characters of a refusal that are read. */
const maxChars = 8_000;

/**
 * What an API server refuses, by field. It says `KIND "NAME" is invalid: spec.a: Invalid value: …, spec.b: Required value`, several
 * in brackets; what names none of the fields that are asked about stands under the empty path, whole.
 */
export function problemsIn(refusal: string, fields: readonly Path[]): Problem[] {
  const text = refusal.slice(0, maxChars);
  const places = fields
    .map((path) => ({ path, start: placeOf(text, pathText(path)) }))
    .filter(({ start }) => start >= 0)
    .sort((a, b) => a.start - b.start);
  if (places.length === 0) return [{ path: [], message: text }];
  return places.map(({ path, start }, i) => {
    const words = start + pathText(path).length + 2;
    return { path, message: tidy(text.slice(words, endOf(text, words, places[i + 1]?.start))) };
  });
}

/** Where a field's name stands with a colon behind it, and not as the end of another one. */
function placeOf(text: string, field: string): number {
  for (let at = text.indexOf(`${field}: `); at >= 0; at = text.indexOf(`${field}: `, at + 1)) if (at === 0 || " [,\n".includes(text[at - 1]!)) return at;
  return -1;
}

/** Where the words about one field end: before those about another one, which may not be among those asked about. */
function endOf(text: string, start: number, next: number | undefined): number {
  const other = /, [A-Za-z][\w.-]*(?:\[[^\]]{0,100}\][\w.-]*)*: (?:Invalid|Required|Unsupported|Forbidden|Too|Duplicate|Not|Internal)/g;
  other.lastIndex = start;
  return Math.min(other.exec(text)?.index ?? text.length, next ?? text.length);
}

function tidy(words: string): string {
  return words.replace(/[\s,\]]+$/, "").trim() || "is refused";
}
