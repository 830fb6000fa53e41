import { cut, listOf, numberOf, type Shape, shapeOf, shapesOf, textOf } from "../api/shapes.js";

/** Grafana's data frames: a schema of fields, and a column of values for each. */

/** Frames and fields that are read of one answer. What is in them is bounded by the size of an answer, 1 MiB. */
const framesRead = 300;
const fieldsRead = 60;

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
  isPartial: boolean;
}

/** Whether it is an answer of `/api/ds/query`, be it of success or not. */
export function isQueryAnswer(json: unknown): boolean {
  const { results } = shapeOf(json);
  return typeof results === "object" && results !== null && !Array.isArray(results);
}

export function answerOf(json: unknown, refIds: readonly string[]): QueryAnswer {
  const results = shapeOf(shapeOf(json)["results"]);
  const answer: QueryAnswer = { frames: [], errors: [], notices: [], isPartial: false };
  for (const refId of refIds) {
    const result = shapeOf(results[refId]);
    const error = textOf(result["error"]);
    if (error !== "") answer.errors.push(`${refIds.length > 1 ? `query ${refId}: ` : ""}${cut(error.replace(/\s+/g, " "), messageChars)}`);
    for (const shape of shapesOf(result["frames"])) {
      if (answer.frames.length >= framesRead) {
        answer.isPartial = true;
        break;
      }
      const frame = frameOf(shape, refId);
      answer.frames.push(frame);
      for (const notice of shapesOf(frame.meta["notices"])) if (notice["severity"] !== "info") answer.notices.push(cut(textOf(notice["text"]), messageChars));
    }
  }
  return answer;
}

function frameOf(shape: Shape, refId: string): Frame {
  const [schema, data] = [shapeOf(shape["schema"]), shapeOf(shape["data"])];
  const [columns, nanos, entities] = [listOf(data["values"]), listOf(data["nanos"]), listOf(data["entities"])];
  const fields = shapesOf(schema["fields"]).slice(0, fieldsRead);
  const length = Math.max(0, ...fields.map((_, i) => listOf(columns[i]).length));
  return {
    name: cut(textOf(schema["name"]), nameChars),
    refId,
    meta: shapeOf(schema["meta"]),
    fields: fields.map((field, i) => fieldOf(field, listOf(columns[i]), listOf(nanos[i]), shapeOf(entities[i]), length)),
    length,
  };
}

function fieldOf(shape: Shape, column: unknown[], nanos: unknown[], entities: Shape, length: number): Field {
  const type = typeOf(textOf(shape["type"]), column);
  // What JSON has no word for stands beside the values: not a number, and without end.
  const unreal = new Set(["NaN", "Inf", "NegInf"].flatMap((kind) => listOf(entities[kind])));
  const values = Array.from({ length }, (_, i): unknown => {
    const value = column[i];
    if (type === "time") {
      const ms = numberOf(value) ?? (typeof value === "string" ? Date.parse(value) : NaN);
      return Number.isFinite(ms) ? ms + (numberOf(nanos[i]) ?? 0) / 1e6 : null;
    }
    if (type === "boolean") return typeof value === "boolean" ? value : null;
    return type !== "number" ? (value ?? null) : unreal.has(i) ? null : (numberOf(value) ?? null);
  });
  const labels = Object.fromEntries(Object.entries(shapeOf(shape["labels"])).slice(0, fieldsRead).map(([key, value]) => [key, textOf(value)]));
  return { name: cut(textOf(shape["name"]), nameChars), type, labels, config: shapeOf(shape["config"]), values };
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
    const rowsBy = new Map<string, number[]>();
    for (let i = 0; i < frame.length; i++) {
      const key = texts.map(({ values }) => textOf(values[i])).join(" ");
      const rows = rowsBy.get(key);
      if (rows) rows.push(i);
      else if (rowsBy.size < framesRead) rowsBy.set(key, [i]);
    }
    return [...rowsBy].flatMap(([key, rows]) =>
      numbers.map((field): Series => ({
        name: cut([numbers.length > 1 || key === "" ? nameOf(field, frame, numbers.length) : "", key].filter((part) => part !== "").join(" "), nameChars),
        field,
        frame,
        times: time ? rows.map((row) => numberOf(time.values[row]) ?? null) : [],
        values: rows.map((row) => (typeof field.values[row] === "boolean" ? Number(field.values[row]) : (numberOf(field.values[row]) ?? null))),
      })),
    );
  });
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
