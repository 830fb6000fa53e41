import { formatProblem } from "./formats.js";
import { isObject, type Path, pathText } from "./path.js";
import { type Budget, Pattern, patternWork } from "./pattern.js";
import type { Field, KindFields } from "./schema.js";

/** What a value breaks, in words that follow its path. */
export interface Problem {
  path: Path;
  message: string;
}

export interface Validation {
  problems: Problem[];
  /** What only the API server can tell, once each. */
  unchecked: string[];
}

/** Values looked at; the rest of a larger object is left to the API server. */
const maxValues = 20_000;

const maxDepth = 64;

const maxProblems = 50;

const maxUnchecked = 5;

/** Options that a message lists. */
const optionsTold = 8;

const int32 = 2 ** 31;

/** Holds an object against the schema of its kind, but for what says what it is: the API server has its own rules for that. */
export function validate(fields: KindFields, object: unknown): Validation {
  const check = new Check(fields);
  const root = fields.read(fields.root);
  for (const name of root.required) if (!isObject(object) || object[name] === undefined) check.report([name], "is required");
  for (const [name, value] of isObject(object) ? Object.entries(object) : []) {
    if (name === "apiVersion" || name === "kind" || name === "metadata") continue;
    check.member(root, fields.root, name, value, []);
  }
  return check;
}

/** Problems that a change brings: nobody is to be stopped for what was wrong before. */
export function broughtBy(before: Validation, after: Validation): Problem[] {
  const known = new Set(before.problems.map(keyOf));
  return after.problems.filter((problem) => !known.has(keyOf(problem)));
}

function keyOf({ path, message }: Problem): string {
  return `${pathText(path)}: ${message}`;
}

class Check implements Validation {
  readonly problems: Problem[] = [];
  readonly unchecked: string[] = [];
  readonly #patterns = new Map<string, Pattern | null>();
  readonly #budget: Budget = { work: patternWork };
  #left = maxValues;

  constructor(private readonly fields: KindFields) {}

  report(path: Path, message: string): void {
    if (this.problems.length < maxProblems) this.problems.push({ path, message });
  }

  /** One field of an object. */
  member(owner: Field, schema: unknown, name: string, value: unknown, path: Path): void {
    const at = [...path, name];
    const below = this.fields.below(schema, name);
    if (below !== undefined) this.#value(below, value, at);
    else if (!owner.keepsUnknown && owner.additional !== true && owner.type === "object") this.report(at, "is not in the schema, and would be dropped");
  }

  #value(schema: unknown, value: unknown, path: Path): void {
    if (--this.#left < 0 || path.length > maxDepth) return this.#leave("what lies beyond the limits of size and depth");
    const field = this.fields.read(schema);
    if (value === null) {
      if (!field.nullable && field.type !== "any") this.report(path, "must not be null");
      return;
    }
    const wrong = typeProblem(field, value);
    if (wrong) return this.report(path, wrong);
    if (field.rules.length > 0) this.#leave("rules that are written in CEL");
    if (field.enumeration && !field.enumeration.some((one) => isSame(one, value))) this.report(path, `must be one of ${listed(field.enumeration)}`);
    if (typeof value === "string") this.#text(field, value, path);
    else if (typeof value === "number") this.#number(field, value, path);
    else if (Array.isArray(value)) this.#list(field, value, path);
    else if (isObject(value)) this.#object(schema, field, value, path);
  }

  #text(field: Field, value: string, path: Path): void {
    const length = field.minLength === undefined && field.maxLength === undefined ? 0 : Array.from(value).length;
    if (field.minLength !== undefined && length < field.minLength) this.report(path, `must have at least ${count(field.minLength, "character")}`);
    if (field.maxLength !== undefined && length > field.maxLength) this.report(path, `must have at most ${count(field.maxLength, "character")}`);
    const format = formatProblem(field.format, value);
    if (format) this.report(path, format);
    if (field.pattern !== undefined) this.#pattern(field.pattern, value, path);
  }

  #pattern(text: string, value: string, path: Path): void {
    if (!this.#patterns.has(text)) this.#patterns.set(text, Pattern.read(text));
    const verdict = this.#patterns.get(text)?.test(value, this.#budget) ?? "unknown";
    if (verdict === "differs") this.report(path, `must match ${shortened(text)}`);
    if (verdict === "unknown") this.#leave(`the pattern ${shortened(text)}`);
  }

  #number(field: Field, value: number, path: Path): void {
    const { minimum, maximum, multipleOf } = field;
    if (minimum !== undefined && (field.exclusiveMinimum ? value <= minimum : value < minimum)) this.report(path, `must be ${field.exclusiveMinimum ? "above" : "at least"} ${minimum}`);
    if (maximum !== undefined && (field.exclusiveMaximum ? value >= maximum : value > maximum)) this.report(path, `must be ${field.exclusiveMaximum ? "below" : "at most"} ${maximum}`);
    if (multipleOf !== undefined && multipleOf > 0 && !Number.isInteger(value / multipleOf)) this.report(path, `must be a multiple of ${multipleOf}`);
    if (field.format === "int32" && (value < -int32 || value >= int32)) this.report(path, "must be of 32 bits");
    if (field.type === "integer" && !Number.isSafeInteger(value)) this.report(path, "has more digits than can be written exactly here");
  }

  #list(field: Field, value: readonly unknown[], path: Path): void {
    if (field.minItems !== undefined && value.length < field.minItems) this.report(path, `must have at least ${count(field.minItems, "item")}`);
    if (field.maxItems !== undefined && value.length > field.maxItems) this.report(path, `must have at most ${count(field.maxItems, "item")}`);
    if (field.uniqueItems || field.listType === "set" || field.listType === "map") this.#unique(field, value, path);
    if (field.items === undefined) return;
    for (let i = 0; i < value.length && this.#left > 0; i++) this.#value(field.items, value[i], [...path, i]);
  }

  #unique(field: Field, value: readonly unknown[], path: Path): void {
    const seen = new Set<string>();
    value.slice(0, maxValues).forEach((item, i) => {
      const key = JSON.stringify(field.listType === "map" && isObject(item) ? field.listKeys.map((name) => item[name] ?? this.#defaultOf(field, name)) : item);
      if (seen.has(key)) this.report([...path, i], field.listType === "map" ? `is there twice, by ${field.listKeys.join(" and ")}` : "is there twice");
      seen.add(key);
    });
  }

  #defaultOf(list: Field, name: string): unknown {
    const schema = this.fields.below(list.items, name);
    return schema === undefined ? undefined : this.fields.read(schema).default;
  }

  #object(schema: unknown, field: Field, value: Record<string, unknown>, path: Path): void {
    // What has a default is there even when it is left out.
    for (const name of field.required) if (value[name] === undefined && this.#hasNoDefault(schema, name)) this.report([...path, name], "is required");
    for (const [name, member] of Object.entries(value)) {
      if (this.#left <= 0) return this.#leave("what lies beyond the limits of size and depth");
      this.member(field, schema, name, member, path);
    }
  }

  #hasNoDefault(schema: unknown, name: string): boolean {
    const below = this.fields.below(schema, name);
    return below === undefined || this.fields.read(below).default === undefined;
  }

  #leave(what: string): void {
    if (!this.unchecked.includes(what) && this.unchecked.length < maxUnchecked) this.unchecked.push(what);
  }
}

function typeProblem({ type }: Field, value: unknown): string | null {
  switch (type) {
    case "string":
    case "boolean":
      return typeof value === type ? null : `must be ${type === "string" ? "text" : "true or false"}`;
    case "number":
      return typeof value === "number" ? null : "must be a number";
    case "integer":
      return Number.isInteger(value) ? null : "must be a whole number";
    case "int-or-string":
      return Number.isInteger(value) || typeof value === "string" ? null : "must be a whole number or text";
    case "array":
      return Array.isArray(value) ? null : "must be a list";
    case "object":
      return isObject(value) ? null : "must be an object";
    case "any":
      return null;
  }
}

function isSame(left: unknown, right: unknown): boolean {
  return left === right || (typeof left === "object" && JSON.stringify(left) === JSON.stringify(right));
}

function listed(options: readonly unknown[]): string {
  const told = options.slice(0, optionsTold).map((one) => (typeof one === "string" ? shortened(one) : JSON.stringify(one)));
  return told.join(", ") + (options.length > told.length ? ` and ${options.length - told.length} more` : "");
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}

function shortened(text: string): string {
  return text.length <= 80 ? text : `${text.slice(0, 80)}…`;
}
