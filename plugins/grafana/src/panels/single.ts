import { empty, span, text, type TextStyle, type ViewNode } from "@lazyoc/plugin";
import { listOf, textOf } from "../api/shapes.js";
import { type Field, type Frame, type Series, seriesOf } from "../query/frames.js";
import { resample, short } from "../query/resample.js";
import type { PanelContent } from "./content.js";
import { calculationOf, configOf, type FieldConfig, reduced, stepsOf, styleAt, wordsOf } from "./field-config.js";
import { scaleOf } from "./units.js";

/** Values of one panel. */
const valuesShown = 12;

/** Values of a bar chart. */
const barsShown = 24;

/** Samples of the line below a number. */
const sparkSamples = 50;

interface Reading {
  name: string;
  config: FieldConfig;
  value: number | null;
  /** Where it comes from, when it is one of many over time. */
  series: Series | null;
}

/** A number, or a few: large, in the colour of its threshold, with how it came to be. */
export function stat(content: PanelContent): ViewNode[] {
  const { panel, window } = content;
  const words = wordsIn(content);
  if (words.length > 0) return words;
  const readings = readingsOf(content);
  if (readings.length === 0) return [empty("no data in this time")];
  const shown = readings.slice(0, valuesShown);
  const hasLine = panel.options["graphMode"] !== "none" && shown.some(({ series }) => series !== null && series.values.length > 1);
  return [
    ...shown.map(({ name, config, value }) =>
      text(...(readings.length > 1 ? [span(`${name}  `, "muted")] : []), span(`${mark(styleAt(config, value))}${wordsOf(config, value)}`, strong(styleAt(config, value))))),
    ...(hasLine ? [{ type: "chart" as const, kind: "line" as const, height: 2, series: shown.flatMap(({ series, config, value }) => (series === null || series.times.length === 0 ? [] : [{ values: sparkOf(series, window.from, window.to, shown), style: strong(styleAt(config, value)) }])) }] : []),
    ...more(readings.length, shown.length),
  ];
}

/** A number between its bounds. */
export function gauge(content: PanelContent): ViewNode[] {
  return bars(content, readingsOf(content), valuesShown, "gauge");
}

/** A bar for each of the categories, which the first field with texts names, or for each of the series. */
export function barChart(content: PanelContent): ViewNode[] {
  return bars(content, categoriesOf(content) ?? readingsOf(content), barsShown, "bar");
}

function bars({ panel }: PanelContent, readings: Reading[], most: number, kind: "gauge" | "bar"): ViewNode[] {
  if (readings.length === 0) return [empty("no data in this time")];
  const shown = readings.slice(0, most);
  const { config } = shown[0]!;
  const greatest = shown.reduce((a, { value }) => Math.max(a, Math.abs(value ?? 0)), 0);
  const isShare = config.unit === "percentunit";
  const max = config.max ?? (kind === "bar" ? undefined : isShare ? 1 : config.unit === "percent" || panel.type === "gauge" ? 100 : undefined);
  const { factor, unit } = scaleOf(config.unit, Math.max(greatest, max ?? 0));
  const steps = stepsOf({ ...config, max: max ?? greatest }, factor);
  return [
    {
      type: "chart",
      kind,
      ...(unit !== "" && { unit }),
      ...(config.min !== undefined ? { min: short(config.min * factor) } : kind === "gauge" ? { min: 0 } : {}),
      ...(max !== undefined ? { max: short(max * factor) } : kind === "gauge" && greatest > 0 ? { max: short(greatest * factor) } : {}),
      series: shown.map(({ name, value }) => ({ ...(shown.length > 1 || kind === "bar" ? { label: name } : {}), values: [value === null ? null : short(value * factor)], style: config.base === "plain" ? "accent" : config.base })),
      thresholds: steps.map(({ value, style }) => ({ value: short(value), style })),
    },
    ...more(readings.length, shown.length),
  ];
}

/** One value of each series; or each value, when the panel asks for all. */
function readingsOf({ panel, answer }: PanelContent): Reading[] {
  const reduce = calculationOf(panel.options);
  const all = (panel.options["reduceOptions"] as { values?: unknown } | undefined)?.values === true;
  return seriesOf(answer.frames).flatMap((series) => {
    const config = configOf(panel, series.field, series.frame);
    if (config.isHidden) return [];
    const name = config.displayName || series.name;
    if (all && series.times.length === 0) return series.values.map((value, i) => ({ name: textAt(series.frame, i) || `${name} ${i + 1}`, config, value, series: null }));
    return [{ name, config, value: reduced(series.values, reduce), series: series.times.length > 1 ? series : null }];
  });
}

/** Texts that stand where a number was expected, such as a version. */
function wordsIn({ panel, answer }: PanelContent): ViewNode[] {
  const fields = textOf((panel.options["reduceOptions"] as { fields?: unknown } | undefined)?.fields);
  const found = answer.frames.flatMap((frame) => frame.fields.filter(({ name, type }) => type === "string" && fields !== "" && (fields === `/^${name}$/` || fields === name || fields === "/.*/")).map((field): [Field, Frame] => [field, frame]));
  return found.slice(0, valuesShown).map(([field, frame]) => text(span(wordsOf(configOf(panel, field, frame), field.values.at(-1)), "strong")));
}

/** The rows of a frame without time, named by its texts. */
function categoriesOf({ panel, answer }: PanelContent): Reading[] | null {
  const frame = answer.frames.find(({ fields }) => fields.some(({ type }) => type === "string") && fields.some(({ type }) => type === "number"));
  const names = frame?.fields.find(({ type, name }) => type === "string" && (textOf(panel.options["xField"]) === "" || name === panel.options["xField"]));
  if (!frame || !names) return null;
  const numbers = frame.fields.filter(({ type }) => type === "number");
  return names.values.flatMap((name, row) =>
    numbers.map((field): Reading => {
      const config = configOf(panel, field, frame);
      const value = field.values[row];
      return { name: `${textOf(name)}${numbers.length > 1 ? ` ${config.displayName || field.name}` : ""}`, config, value: typeof value === "number" ? value : null, series: null };
    }),
  );
}

function textAt(frame: Frame, row: number): string {
  return textOf(listOf(frame.fields.find(({ type }) => type === "string")?.values)[row]);
}

function sparkOf(series: Series, from: number, to: number, shown: readonly Reading[]): (number | null)[] {
  const { factor } = factorOf(shown);
  const samples = Math.min(sparkSamples, Math.max(2, series.values.length));
  return resample(series, from, to, samples).map((value) => (value === null ? null : short(value * factor)));
}

function factorOf(shown: readonly Reading[]) {
  return scaleOf(shown[0]!.config.unit, shown.reduce((most, { value }) => Math.max(most, Math.abs(value ?? 0)), 0));
}

/** A sign for those who see no colour. */
function mark(style: TextStyle): string {
  return style === "ok" ? "✓ " : style === "warn" ? "▲ " : style === "error" ? "✗ " : "";
}

function strong(style: TextStyle): TextStyle {
  return style === "plain" ? "strong" : style;
}

function more(all: number, shown: number): ViewNode[] {
  return all > shown ? [text(span(`${shown} of ${all} values`, "warn"))] : [];
}
