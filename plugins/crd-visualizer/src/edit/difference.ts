import { isObject, type Path, pointer } from "../schema/path.js";

export interface Difference {
  path: Path;
  from: unknown;
  to: unknown;
}

/** Differences told, and values compared. */
const maxDifferences = 50;
const maxValues = 20_000;

/** What is another one after every change. */
const changing = ["/metadata/managedFields", "/metadata/resourceVersion", "/metadata/generation"];

/** Where two objects differ, the inmost places. */
export function differences(left: unknown, right: unknown): Difference[] {
  const found: Difference[] = [];
  const waiting: Difference[] = [{ path: [], from: left, to: right }];
  for (let i = 0; i < waiting.length && i < maxValues && found.length < maxDifferences; i++) {
    const { path, from, to } = waiting[i]!;
    if (from === to || changing.includes(pointer(path))) continue;
    if (isObject(from) && isObject(to)) for (const name of new Set([...Object.keys(from), ...Object.keys(to)])) waiting.push({ path: [...path, name], from: from[name], to: to[name] });
    else if (Array.isArray(from) && Array.isArray(to) && from.length === to.length) from.forEach((item, at) => waiting.push({ path: [...path, at], from: item as unknown, to: to[at] as unknown }));
    else found.push({ path, from, to });
  }
  return found;
}
