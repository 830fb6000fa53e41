import { empty, type Span, span, text, type TextStyle, type ViewNode } from "@lazyoc/plugin";
import { shapeOf, textOf } from "../api/shapes.js";
import { durationMs } from "../query/time.js";
import { type Series, seriesOf } from "../query/frames.js";
import { counted, resample, samplesFor, short } from "../query/resample.js";
import type { PanelContent } from "./content.js";
import { configOf, type FieldConfig, stepsOf } from "./field-config.js";
import { formatted, scaleOf } from "./units.js";

/** Lines of one chart; more cannot be told apart. */
export const linesDrawn = 6;

/** Samples of the line that draws marks. */
const markSamples = 200;

/** Rows of a chart. */
const lowest = 5;
const highest = 12;

const styles: readonly TextStyle[] = ["accent", "ok", "info", "error", "strong", "muted"];
const markStyle: TextStyle = "warn";

/** Grafana breaks a line where points are missing for longer than this many of the datasource's steps. */
const stepsMissing = 1.5;

/** Keeps a name and its value on one line. */
const unbroken = "\u00a0";

interface Line {
  name: string;
  config: FieldConfig;
  values: (number | null)[];
  last: number | null;
  points: number;
}

/** Lines over time. Annotations are lines from top to bottom. */
export function graph({ panel, answer, window, marks, height }: PanelContent): ViewNode[] {
  const all = seriesOf(answer.frames);
  const lines = linesOf(panel, all.filter(({ times }) => times.length > 0), window.from, window.to);
  if (lines.length === 0) return [empty(all.some(({ times, values }) => times.length === 0 && values.length > 0) ? "its values have no time: they cannot be drawn over time" : "no data in this time")];
  // The greatest is the most interesting where there are too many.
  const shown = lines.length > linesDrawn ? [...lines].sort((a, b) => (b.last ?? -Infinity) - (a.last ?? -Infinity)).slice(0, linesDrawn) : lines;
  const config = shown[0]!.config;
  const drawn = config.isStacked ? stacked(shown.map(({ values }) => values)) : shown.map(({ values }) => values);
  const values = drawn.flat().filter((value) => value !== null);
  const [low, high] = [values.reduce((a, b) => Math.min(a, b), Infinity), values.reduce((a, b) => Math.max(a, b), -Infinity)];
  const max = config.max ?? (Number.isFinite(high) ? high : 1);
  // From zero on where that is near: a terminal has few rows, and the eye takes the ground for zero.
  const min = config.min ?? (Number.isFinite(low) ? (low > 0 && low <= max / 2 ? 0 : low) : 0);
  const top = max > min ? max : min + 1;
  const { factor, unit } = scaleOf(config.unit, Math.max(Math.abs(top), Math.abs(min)));
  const points = shown.reduce((sum, line) => sum + line.points, 0);
  const samples = drawn.reduce((sum, line) => sum + line.length, 0);
  return [
    {
      type: "chart",
      kind: "line",
      ...(unit !== "" && { unit }),
      min: short(min * factor),
      max: short(top * factor),
      height: Math.min(highest, Math.max(lowest, height)),
      series: [
        ...(marks.length > 0 ? [{ values: marksOf(marks, window.from, window.to, min * factor, top * factor), style: markStyle }] : []),
        ...drawn.map((line, i) => ({ values: line.map((value) => (value === null ? null : short(value * factor))), style: styles[i]! })),
      ],
      ...(config.drawsThresholds && { thresholds: stepsOf(config, factor).map(({ value, style }) => ({ value: short(value), style })) }),
    },
    text(...legend(shown)),
    ...(lines.length > shown.length ? [text(span(`${shown.length} of ${lines.length} series`, "warn"))] : []),
    ...(points > 2 * samples && answer.every === 1 ? [text(span(`${counted(points)} points, drawn as ${counted(samples)}`, "muted"))] : []),
  ];
}

function linesOf(panel: PanelContent["panel"], series: Series[], from: number, to: number): Line[] {
  const samples = samplesFor(series, from, to);
  return series.flatMap((one) => {
    const config = configOf(panel, one.field, one.frame);
    if (config.isHidden) return [];
    return [{ name: config.displayName || one.name, config, values: resample(one, from, to, samples, gapOf(one)), last: one.values.findLast((value) => value !== null) ?? null, points: one.values.length }];
  });
}

/** The datasource says how far its points are apart: where more are missing there is a gap. */
function gapOf({ frame }: Series): number {
  const interval = shapeOf(frame.fields.find(({ type }) => type === "time")?.config)["interval"];
  const ms = typeof interval === "number" ? interval : durationMs(textOf(interval));
  return ms !== undefined && ms > 0 ? ms * stepsMissing : Infinity;
}

/** Each on top of those before. */
function stacked(series: (number | null)[][]): (number | null)[][] {
  const below: number[] = [];
  return series.map((values) => values.map((value, i) => (value === null ? null : (below[i] = (below[i] ?? 0) + value))));
}

function marksOf(marks: readonly number[], from: number, to: number, min: number, max: number): (number | null)[] {
  const values = new Array<number | null>(markSamples).fill(null);
  for (const mark of marks) {
    // Two samples beside each other, one at the bottom and one at the top, are a line between both.
    const place = Math.min(markSamples - 2, Math.max(0, Math.round(((mark - from) / (to - from)) * (markSamples - 1))));
    [values[place], values[place + 1]] = [short(min), short(max)];
  }
  return values;
}

function legend(lines: readonly Line[]): Span[] {
  return lines.flatMap(({ name, config, last }, i) => [
    ...(i > 0 ? [span("   ")] : []),
    span("● ", styles[i]!),
    span(`${name || "value"}${unbroken}`, "muted"),
    span(formatted(last, config.unit, config.decimals).replaceAll(" ", unbroken)),
  ]);
}
