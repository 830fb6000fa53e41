import type { TextStyle } from "@lazyoc/plugin";
import type { Panel } from "../api/dashboard.js";
import { cut, listOf, numberOf, type Shape, shapeOf, shapesOf, textOf } from "../api/shapes.js";
import { type Field, type Frame, nameOf } from "../query/frames.js";
import { formatted } from "./units.js";

/** Overrides, mappings and thresholds that are looked at. */
const overridesRead = 60;
const mappingsRead = 100;
const stepsRead = 12;

const textChars = 80;

/** A threshold: from this value on the style. */
export interface Step {
  value: number;
  style: TextStyle;
}

/** How the values of a field are shown. */
export interface FieldConfig {
  /** Empty when the field's own name serves. */
  displayName: string;
  unit: string;
  decimals: number | undefined;
  min: number | undefined;
  max: number | undefined;
  noValue: string;
  /** The style below every threshold. */
  base: TextStyle;
  steps: Step[];
  /** Thresholds are parts of the way from `min` to `max`. */
  isPercentage: boolean;
  /** A chart over time shows them only when its author wants it. */
  drawsThresholds: boolean;
  isStacked: boolean;
  isHidden: boolean;
  mappings: Shape[];
}

/** What the panel says of a field: its defaults, what the datasource knows, and the overrides that fit. */
export function configOf(panel: Pick<Panel, "fieldConfig">, field: Field, frame: Frame): FieldConfig {
  const defaults = shapeOf(panel.fieldConfig["defaults"]);
  const merged: Shape = { ...field.config, ...defaults };
  const custom: Shape = { ...shapeOf(defaults["custom"]) };
  for (const override of shapesOf(panel.fieldConfig["overrides"]).slice(0, overridesRead)) {
    if (!fits(shapeOf(override["matcher"]), field, frame)) continue;
    for (const { id, value } of shapesOf(override["properties"])) {
      const name = textOf(id);
      if (name.startsWith("custom.")) custom[name.slice("custom.".length)] = value;
      else merged[name] = value;
    }
  }
  const { mode, steps } = shapeOf(merged["thresholds"]);
  const read = shapesOf(steps).slice(0, stepsRead).map(({ value, color }) => ({ value: numberOf(value), style: styleOf(textOf(color)) }));
  const threshold = textOf(shapeOf(custom["thresholdsStyle"])["mode"], textOf(custom["thresholdsStyle.mode"], "off"));
  const hidden = shapeOf(custom["hideFrom"]);
  return {
    displayName: cut(textOf(merged["displayName"]), textChars),
    unit: textOf(merged["unit"]),
    decimals: numberOf(merged["decimals"]),
    min: numberOf(merged["min"]),
    max: numberOf(merged["max"]),
    noValue: cut(textOf(merged["noValue"]), textChars),
    base: read.find(({ value }) => value === undefined)?.style ?? "plain",
    steps: read.flatMap(({ value, style }) => (value === undefined ? [] : [{ value, style }])).sort((a, b) => a.value - b.value),
    isPercentage: mode === "percentage",
    drawsThresholds: threshold !== "off",
    isStacked: textOf(shapeOf(custom["stacking"])["mode"]) === "normal",
    isHidden: hidden["viz"] === true || custom["hidden"] === true,
    mappings: shapesOf(merged["mappings"]).slice(0, mappingsRead),
  };
}

function fits({ id, options }: Shape, field: Field, frame: Frame): boolean {
  switch (id) {
    case "byName":
      return options === field.name || options === nameOf(field, frame);
    case "byFrameRefID":
      return options === frame.refId;
    case "byType":
      return options === field.type;
    case "byNames":
      return listOf(shapeOf(options)["names"]).includes(nameOf(field, frame));
    default:
      // A regular expression of others would be run unbounded here.
      return false;
  }
}

/** The thresholds as values of the field, each multiplied. */
export function stepsOf({ steps, isPercentage, min = 0, max = 100 }: FieldConfig, factor = 1): Step[] {
  return steps.map(({ value, style }) => ({ value: (isPercentage ? min + ((max - min) * value) / 100 : value) * factor, style }));
}

export function styleAt(config: FieldConfig, value: number | null): TextStyle {
  if (value === null) return "muted";
  const mapped = mappingOf(config, value)?.style;
  return mapped ?? stepsOf(config).findLast((step) => value >= step.value)?.style ?? config.base;
}

/** A value in words: what it is mapped to, otherwise the number with its unit. */
export function wordsOf(config: FieldConfig, value: unknown): string {
  const mapped = mappingOf(config, value)?.text;
  if (mapped) return mapped;
  if (value === null || value === undefined) return config.noValue || "-";
  return typeof value === "number" ? formatted(value, config.unit, config.decimals) : cut(typeof value === "object" ? JSON.stringify(value) : textOf(value), textChars);
}

/** What a value stands for; null when it stands for itself. */
export function mappingOf({ mappings }: FieldConfig, value: unknown): { text: string; style: TextStyle | undefined } | null {
  for (const { type, options } of mappings) {
    const given = shapeOf(options);
    const result =
      type === "value" ? (Object.hasOwn(given, textOf(value)) ? given[textOf(value)] : undefined)
      : type === "range" ? (typeof value === "number" && value >= (numberOf(given["from"]) ?? -Infinity) && value <= (numberOf(given["to"]) ?? Infinity) ? given["result"] : undefined)
      : type === "special" ? (isSpecial(textOf(given["match"]), value) ? given["result"] : undefined)
      : undefined;
    if (result !== undefined) {
      const { text, color } = shapeOf(result);
      return { text: cut(textOf(text), textChars), style: typeof color === "string" ? styleOf(color) : undefined };
    }
  }
  return null;
}

function isSpecial(match: string, value: unknown): boolean {
  switch (match) {
    case "null":
    case "nan":
    case "null+nan":
      return value === null || value === undefined;
    case "empty":
      return value === "";
    case "true":
    case "false":
      return String(value) === match;
    default:
      return false;
  }
}

const hues: readonly [TextStyle, RegExp][] = [["ok", /green/], ["error", /red/], ["warn", /orange|yellow/], ["info", /blue|purple/], ["plain", /text|transparent|white/], ["muted", /gray|grey|black/]];

/** The meaning nearest to a colour: a name of Grafana's palette, or red, green and blue. */
export function styleOf(color: string): TextStyle {
  const named = hues.find(([, names]) => names.test(color))?.[0];
  if (named) return named;
  const [, hex] = /^#([0-9a-f]{6})/i.exec(color) ?? [];
  const [r, g, b] = hex ? [0, 2, 4].map((at) => parseInt(hex.slice(at, at + 2), 16)) : (/^rgba?\((\d+),\s*(\d+),\s*(\d+)/.exec(color)?.slice(1).map(Number) ?? []);
  if (r === undefined || g === undefined || b === undefined) return "plain";
  const most = Math.max(r, g, b);
  return most - Math.min(r, g, b) < 32 ? "muted" : b === most ? "info" : g === most && r < g * 0.8 ? "ok" : g > r * 0.45 ? "warn" : "error";
}

/** What one value stands for many. */
export function reduced(values: readonly (number | null)[], calculation: string): number | null {
  const numbers = values.filter((value): value is number => value !== null);
  if (calculation === "last" || calculation === "first") return values.at(calculation === "last" ? -1 : 0) ?? null;
  if (calculation === "count") return values.length;
  if (numbers.length === 0) return null;
  const sum = () => numbers.reduce((total, value) => total + value, 0);
  const least = () => numbers.reduce((a, b) => Math.min(a, b));
  const most = () => numbers.reduce((a, b) => Math.max(a, b));
  switch (calculation) {
    case "mean":
      return sum() / numbers.length;
    case "sum":
      return sum();
    case "min":
      return least();
    case "max":
      return most();
    case "range":
      return most() - least();
    case "firstNotNull":
      return numbers[0]!;
    case "delta":
    case "diff":
      return numbers.at(-1)! - numbers[0]!;
    default:
      return numbers.at(-1)!;
  }
}

/** The calculation that a panel asks for; the last value that is one when it asks for none. */
export function calculationOf(options: Shape): string {
  return textOf(listOf(shapeOf(options["reduceOptions"])["calcs"])[0], "lastNotNull");
}
