/** Where a value stands in an object: names of fields and places in lists. */
export type Path = readonly (string | number)[];

/** As the API server writes it: `spec.ports[0].name`; a name that is no word stands in brackets. */
export function pathText(path: Path): string {
  return path.map((step, i) => (typeof step === "number" ? `[${step}]` : /^[\w-]+$/.test(step) ? `${i > 0 ? "." : ""}${step}` : `[${step}]`)).join("");
}

/** As JSON Patch writes it, RFC 6901. */
export function pointer(path: Path): string {
  return path.map((step) => `/${String(step).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

/** The value at a path; undefined when there is none. */
export function valueAt(root: unknown, path: Path): unknown {
  let value = root;
  for (const step of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Record<string | number, unknown>)[step];
  }
  return value;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The path that a pointer stands for in an object. */
export function pathOf(pointer: string, root: unknown): Path {
  const path: (string | number)[] = [];
  let value = root;
  for (const text of pointer === "" ? [] : pointer.slice(1).split("/")) {
    const name = text.replaceAll("~1", "/").replaceAll("~0", "~");
    const step = Array.isArray(value) ? Number(name) : name;
    path.push(step);
    value = valueAt(value, [step]);
  }
  return path;
}
