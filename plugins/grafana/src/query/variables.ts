import { cut, listOf, shapeOf, shapesOf, textOf, textsOf } from "../api/shapes.js";
import { durationText, type Window } from "./time.js";

/** Variables of a dashboard, values of one, and characters of a value. */
const variablesRead = 40;
export const valuesRead = 200;
export const valueChars = 500;

/** How deep the queries of a panel nest. */
const deepest = 12;

/** The value that stands for all. */
export const all = "$__all";

export interface Variable {
  name: string;
  label: string;
  type: string;
  /** Whether there may be several values at once. */
  isMulti: boolean;
  includesAll: boolean;
  /** What stands for all; all options when empty. */
  allValue: string;
  options: { text: string; value: string }[];
  current: string[];
  isHidden: boolean;
}

/** The types that the user may choose a value of. Of a query the value that was saved last is there; queries are not run. */
const chosen = new Set(["custom", "interval", "textbox", "query", "datasource"]);

export function variablesOf(templating: unknown): Variable[] {
  return shapesOf(shapeOf(templating)["list"])
    .slice(0, variablesRead)
    .map((shape): Variable => {
      const type = textOf(shape["type"]);
      const value = shapeOf(shape["current"])["value"];
      const options = optionsOf(shape, type);
      const current = textsOf(value).filter((one) => one !== "").slice(0, valuesRead).map((one) => cut(one, valueChars));
      const written = textOf(shape["query"]);
      return {
        name: textOf(shape["name"]),
        label: cut(textOf(shape["label"]) || textOf(shape["name"]), 60),
        type,
        isMulti: shape["multi"] === true || shape["includeAll"] === true,
        includesAll: shape["includeAll"] === true,
        allValue: textOf(shape["allValue"]),
        options,
        current: current.length > 0 ? current : type === "constant" || type === "textbox" ? [written] : shape["includeAll"] === true ? [all] : options.slice(0, 1).map((option) => option.value),
        isHidden: shape["hide"] === 2 || !chosen.has(type),
      };
    })
    .filter(({ name }) => /^\w+$/.test(name));
}

/** The options as the dashboard holds them; those of a custom or interval variable are written in its query. */
function optionsOf(shape: Record<string, unknown>, type: string): Variable["options"] {
  const stored = shapesOf(shape["options"]).map((option) => ({ text: textsOf(option["text"]).join(" + "), value: textOf(option["value"]) }));
  const written = type === "custom" || type === "interval" ? textOf(shape["query"]).split(",").map((item) => item.trim()).filter((item) => item !== "") : [];
  const options = written.map((item) => {
    const [, text, value] = type === "custom" ? (/^(.+?) : (.+)$/.exec(item) ?? []) : [];
    return { text: (text ?? item).trim(), value: (value ?? item).trim() };
  });
  return (options.length > 0 ? options : stored).filter(({ value }) => value !== all && value !== "$__auto_interval").slice(0, valuesRead).map(({ text, value }) => ({ text: cut(text, valueChars), value: cut(value, valueChars) }));
}

/** What a name stands for in a query. */
export interface Value {
  values: string[];
  isMulti: boolean;
  /** Goes in as it is, however it is to be written. */
  isRaw?: boolean;
}

export type Scope = ReadonlyMap<string, Value>;

/** How several values are written when the query does not say it. */
export type Style = "regex" | "glob" | "sql";

export function styleFor(datasourceType: string): Style {
  return /prometheus|loki|mimir|tempo|pyroscope/.test(datasourceType) ? "regex" : /sql|postgres|bigquery|athena|snowflake|clickhouse/.test(datasourceType) ? "sql" : "glob";
}

/** What the variables of a dashboard stand for; `values` are those the user has chosen. */
export function scopeOf(variables: Variable[], values: Record<string, string[]>): Map<string, Value> {
  return new Map(variables.map((variable): [string, Value] => [variable.name, valueOf(variable, values[variable.name] ?? variable.current)]));
}

function valueOf(variable: Variable, values: string[]): Value {
  if (!values.includes(all)) return { values, isMulti: variable.isMulti };
  if (variable.allValue !== "") return { values: [variable.allValue], isMulti: true, isRaw: true };
  // The options of a query are known to who runs it; a regular expression for anything does as well.
  return variable.options.length > 0 ? { values: variable.options.map(({ value }) => value), isMulti: true } : { values: [".*"], isMulti: true, isRaw: true };
}

/** The values of which a panel is repeated, one each. */
export function repeatsOf(scope: Scope, name: string): string[] {
  const value = scope.get(name);
  return value && !value.isRaw ? value.values : [];
}

/** Seconds between two samples that a Prometheus takes, when nothing else is known. */
const scrapeS = 15;

/** The variables that every query has. */
export function builtIn(window: Window, stepMs: number): [string, Value][] {
  const rangeMs = window.to - window.from;
  const rateMs = Math.max(stepMs + scrapeS * 1000, 4 * scrapeS * 1000);
  const pairs: [string, string][] = [
    ["__interval", durationText(stepMs)], ["__interval_ms", String(stepMs)], ["__rate_interval", durationText(rateMs)], ["__rate_interval_ms", String(rateMs)],
    ["__range", `${Math.round(rangeMs / 1000)}s`], ["__range_s", String(Math.round(rangeMs / 1000))], ["__range_ms", String(Math.round(rangeMs))],
    ["__from", String(Math.round(window.from))], ["__to", String(Math.round(window.to))],
  ];
  return pairs.map(([name, value]) => [name, { values: [value], isMulti: false }]);
}

/** `$name`, `[[name]]`, `[[name:format]]`, `${name}`, `${name:format}`. */
const reference = /\$(\w+)|\[\[(\w+)(?::(\w+))?\]\]|\$\{(\w+)(?:\.\w+)?(?::([^}]*))?\}/g;

/** Puts values in the place of names. A name that nothing is known of stays: it may be a macro of the datasource. */
export function interpolate(text: string, scope: Scope, style: Style): string {
  return text.replace(reference, (written, plain?: string, bracketed?: string, bracketedFormat?: string, braced?: string, bracedFormat?: string) => {
    const name = plain ?? bracketed ?? braced ?? "";
    const value = scope.get(name);
    return value ? formatted(name, value, bracketedFormat ?? bracedFormat ?? "", style) : written;
  });
}

/** The same in all texts of some JSON. */
export function interpolateAll(value: unknown, scope: Scope, style: Style, depth = 0): unknown {
  if (typeof value === "string") return interpolate(value, scope, style);
  if (typeof value !== "object" || value === null || depth >= deepest) return value;
  if (Array.isArray(value)) return listOf(value).map((item) => interpolateAll(item, scope, style, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, interpolateAll(member, scope, style, depth + 1)]));
}

const alternatives = (values: string[]) => (values.length === 1 ? values[0]! : `(${values.join("|")})`);

const formats: Record<string, (values: string[], isMulti: boolean, name: string) => string> = {
  regex: (values) => alternatives(values.map(literal)),
  pipe: (values) => values.join("|"),
  csv: (values) => values.join(","),
  raw: (values) => values.join(","),
  json: (values, isMulti) => JSON.stringify(isMulti ? values : (values[0] ?? "")),
  glob: (values) => usual.glob(values),
  text: (values) => values.join(" + "),
  distributed: (values, _, name) => values.map((value, i) => (i === 0 ? value : `${name}=${value}`)).join(","),
  lucene: (values) => (values.length === 1 ? values[0]! : `(${values.map((value) => JSON.stringify(value)).join(" OR ")})`),
  singlequote: (values) => values.map((value) => `'${value.replaceAll("'", "\\'")}'`).join(","),
  doublequote: (values) => values.map((value) => `"${value.replaceAll('"', '\\"')}"`).join(","),
  sqlstring: (values) => usual.sql(values),
  percentencode: (values) => encodeURIComponent(usual.glob(values)),
  queryparam: (values, _, name) => values.map((value) => `var-${name}=${encodeURIComponent(value)}`).join("&"),
};

/** Several values as a query has them that does not say how. */
const usual: Record<Style, (values: string[]) => string> = {
  // Within quotes a backslash is written as two.
  regex: (values) => alternatives(values.map((value) => literal(value).replaceAll("\\", "\\\\"))),
  glob: (values) => (values.length === 1 ? values[0]! : `{${values.join(",")}}`),
  sql: (values) => values.map((value) => `'${value.replaceAll("'", "''")}'`).join(","),
};

function formatted(name: string, { values, isMulti, isRaw }: Value, format: string, style: Style): string {
  if (isRaw) return values.join("|");
  if (name === "__from" || name === "__to") return momentText(values[0]!, format);
  if (Object.hasOwn(formats, format)) return formats[format]!(values, isMulti, name);
  return isMulti ? usual[style](values) : values.join(",");
}

function momentText(ms: string, format: string): string {
  if (format === "date:seconds") return String(Math.floor(Number(ms) / 1000));
  return format === "date" || format === "date:iso" ? new Date(Number(ms)).toISOString() : ms;
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, (c) => `\\${c}`);
}
