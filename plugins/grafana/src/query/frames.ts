import { cut, listOf, numberOf, type Shape, shapeOf, shapesOf, textOf } from "../api/shapes.js";

/** Grafana's data frames: a schema of fields, and a column of values for each. */

/** Frames of one answer, and fields of one frame, that are read. */
const framesRead = 300;
const fieldsRead = 60;

/** Values of one panel that are looked at, so that it is done within a turn; of more, every second, third and so on. */
export const valuesRead = 8_000;

const nameChars = 120;
const messageChars = 300;

export type FieldType = "time" | "number" | "string" | "boolean" | "other";

export interface Field {
  name: string;
  type: FieldType;
  labels: Record<string, string>;
  config: Shape;
  /** As long as the frame: times in milliseconds, numbers that are finite or null, anything else as it came. */
  values: unknown[];
}

export interface Frame {
  name: string;
  refId: string;
  meta: Shape;
  fields: Field[];
  length: number;
}

/** What came of the queries of a panel. */
export interface QueryAnswer {
  frames: Frame[];
  /** In words, one a query that failed. */
  errors: string[];
  /** What the datasource remarks. */
  notices: string[];
  /** There are more frames than are read. */
  isPartial: boolean;
  /** How many values there are, and that only every so manieth was looked at; 1 for all. */
  values: number;
  every: number;
}

/** Whether it is an answer of `/api/ds/query`, be it of success or not. */
export function isQueryAnswer(json: unknown): boolean {
  const { results } = shapeOf(json);
  return typeof results === "object" && results !== null && !Array.isArray(results);
}

export function answerOf(json: unknown, refIds: readonly string[]): QueryAnswer {
  const results = shapeOf(shapeOf(json)["results"]);
  const found = refIds.map((refId) => shapesOf(shapeOf(results[refId])["frames"]));
  const values = found.flat().slice(0, framesRead).reduce((sum, frame) => sum + listOf(shapeOf(frame["data"])["values"]).slice(0, fieldsRead).reduce((all: number, column) => all + listOf(column).length, 0), 0);
  const answer: QueryAnswer = { frames: [], errors: [], notices: [], isPartial: false, values, every: Math.max(1, Math.ceil(values / valuesRead)) };
  for (const [i, refId] of refIds.entries()) {
    const result = shapeOf(results[refId]);
    const error = textOf(result["error"]);
    if (error !== "") answer.errors.push(`${refIds.length > 1 ? `query ${refId}: ` : ""}${cut(error.replace(/\s+/g, " "), messageChars)}`);
    for (const shape of found[i]!) {
      if (answer.frames.length >= framesRead) {
        answer.isPartial = true;
        break;
      }
      const frame = frameOf(shape, refId, answer.every);
      answer.frames.push(frame);
      for (const notice of shapesOf(frame.meta["notices"])) if (notice["severity"] !== "info") answer.notices.push(cut(textOf(notice["text"]), messageChars));
    }
  }
  return answer;
}

function frameOf(shape: Shape, refId: string, every: number): Frame {
  const [schema, data] = [shapeOf(shape["schema"]), shapeOf(shape["data"])];
  const [columns, nanos, entities] = [listOf(data["values"]), listOf(data["nanos"]), listOf(data["entities"])];
  const fields = shapesOf(schema["fields"]).slice(0, fieldsRead);
  const length = Math.ceil(Math.max(0, ...fields.map((_, i) => listOf(columns[i]).length)) / every);
  return {
    name: cut(textOf(schema["name"]), nameChars),
    refId,
    meta: shapeOf(schema["meta"]),
    fields: fields.map((field, i) => fieldOf(field, listOf(columns[i]), listOf(nanos[i]), shapeOf(entities[i]), length, every)),
    length,
  };
}

function fieldOf(shape: Shape, column: unknown[], nanos: unknown[], entities: Shape, length: number, every: number): Field {
  const type = typeOf(textOf(shape["type"]), column);
  // What JSON has no word for stands beside the values: not a number, and without end.
  const unreal = new Set(["NaN", "Inf", "NegInf"].flatMap((kind) => listOf(entities[kind])));
  const values = new Array<unknown>(length);
  for (let row = 0; row < length; row++) {
    const at = row * every;
    const value = column[at];
    if (type === "number") values[row] = unreal.size > 0 && unreal.has(at) ? null : typeof value === "number" ? value : (numberOf(value) ?? null);
    else if (type === "time") values[row] = momentOf(value, nanos[at]);
    else if (type === "boolean") values[row] = typeof value === "boolean" ? value : null;
    else values[row] = value ?? null;
  }
  const labels = Object.fromEntries(Object.entries(shapeOf(shape["labels"])).slice(0, fieldsRead).map(([key, value]) => [key, textOf(value)]));
  return { name: cut(textOf(shape["name"]), nameChars), type, labels, config: shapeOf(shape["config"]), values };
}

function momentOf(value: unknown, nanos: unknown): number | null {
  const ms = typeof value === "number" ? value : typeof value === "string" ? Date.parse(value) : NaN;
  return !Number.isFinite(ms) ? null : typeof nanos === "number" ? ms + nanos / 1e6 : ms;
}

function typeOf(type: string, column: unknown[]): FieldType {
  if (type === "time" || type === "number" || type === "string" || type === "boolean") return type;
  const first = column.find((value) => value !== null);
  return typeof first === "number" ? "number" : typeof first === "string" ? "string" : "other";
}

/** Values over time, or beside texts that name them. */
export interface Series {
  name: string;
  field: Field;
  frame: Frame;
  /** Milliseconds since 1970, in the order they came; of a frame without times empty. */
  times: (number | null)[];
  values: (number | null)[];
}

/** Every numeric field of the frames. Long frames, which tell series apart by texts in their rows, are divided by these. */
export function seriesOf(frames: readonly Frame[]): Series[] {
  return frames.flatMap((frame) => {
    const time = frame.fields.find(({ type }) => type === "time");
    const numbers = frame.fields.filter(({ type }) => type === "number" || type === "boolean");
    const texts = time ? frame.fields.filter(({ type }) => type === "string") : [];
    const times = (time?.values ?? []) as (number | null)[];
    if (texts.length === 0) return numbers.map((field): Series => ({ name: nameOf(field, frame, numbers.length), field, frame, times, values: numbersOf(field) }));
    return [...rowsBy(texts, frame.length)].flatMap(([key, rows]) =>
      numbers.map((field): Series => {
        const values = numbersOf(field);
        const name = numbers.length > 1 ? `${nameOf(field, frame, numbers.length)} ${key}` : key;
        return { name: cut(name, nameChars), field, frame, times: rows.map((row) => times[row] ?? null), values: rows.map((row) => values[row] ?? null) };
      }),
    );
  });
}

/** The rows of each combination of texts. */
function rowsBy(texts: readonly Field[], length: number): Map<string, number[]> {
  const rows = new Map<string, number[]>();
  for (let row = 0; row < length; row++) {
    const key = texts.map(({ values }) => textOf(values[row])).join(" ");
    const known = rows.get(key);
    if (known) known.push(row);
    else if (rows.size < framesRead) rows.set(key, [row]);
  }
  return rows;
}

function numbersOf({ type, values }: Field): (number | null)[] {
  return type === "boolean" ? values.map((value) => (value === null ? null : Number(value))) : (values as (number | null)[]);
}

/** What Grafana would call it. */
export function nameOf({ name, labels, config }: Field, frame: Frame, siblings = 1): string {
  const given = textOf(config["displayName"]) || textOf(config["displayNameFromDS"]);
  if (given !== "") return cut(given, nameChars);
  const pairs = Object.entries(labels).filter(([key]) => key !== "__name__");
  const isPlain = name === "" || name === "Value" || name === "value";
  if (pairs.length === 1 && isPlain) return cut(pairs[0]![1], nameChars);
  if (pairs.length > 0) return cut(`${isPlain ? (labels["__name__"] ?? "") : name}{${pairs.map(([key, value]) => `${key}="${value}"`).join(", ")}}`, nameChars);
  return (isPlain || siblings === 1) && frame.name !== "" ? frame.name : name || frame.refId;
}
