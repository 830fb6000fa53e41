import { empty, span, text, type ViewNode } from "@lazyoc/plugin";
import { numberOf, textOf } from "../api/shapes.js";
import { type Series, seriesOf } from "../query/frames.js";
import { resample, samplesFor, short } from "../query/resample.js";
import type { PanelContent } from "./content.js";
import { configOf } from "./field-config.js";
import { formatted } from "./units.js";

/** Rows of a heat map, and samples of each. */
const rowsDrawn = 12;
const columnsDrawn = 60;

interface Bucket {
  label: string;
  /** Its upper bound; infinite for the last. */
  bound: number;
  values: (number | null)[];
}

/** How often values fell into ranges, over time: the greatest range at the top. */
export function heatmap(content: PanelContent): ViewNode[] {
  const { panel, answer, window } = content;
  if (answer.frames.some(({ meta }) => textOf(meta["type"]) === "heatmap-cells")) return [empty("a heat map of native histograms is not drawn here: open the dashboard in your browser")];
  const series = seriesOf(answer.frames).filter(({ times }) => times.length > 0);
  if (series.length === 0) return [empty("no data in this time")];
  const samples = samplesFor(series, window.from, window.to, columnsDrawn);
  const buckets = panel.options["calculate"] === true ? counted(content, series, samples) : given(content, series, samples);
  const shown = buckets.slice(-rowsDrawn);
  return [
    { type: "chart", kind: "heat", min: 0, series: [...shown].reverse().map(({ label, values }) => ({ label, values, style: "accent" })) },
    ...(buckets.length > shown.length ? [text(span(`the ${shown.length} greatest of ${buckets.length} ranges`, "warn"))] : []),
  ];
}

/** Ranges that the datasource has counted. Those of Prometheus count all that is below, too, which is taken off. */
function given({ panel, answer, window }: PanelContent, series: Series[], samples: number): Bucket[] {
  const unit = configOf(panel, series[0]!.field, series[0]!.frame).unit;
  const buckets = series.map((one): Bucket => {
    const written = one.field.labels["le"] ?? one.name;
    const bound = /^\+?inf$/i.test(written) ? Infinity : (numberOf(written) ?? NaN);
    return { label: Number.isFinite(bound) ? `≤ ${formatted(bound, unitOfBounds(panel.options, unit))}` : bound === Infinity ? "more" : written, bound, values: resample(one, window.from, window.to, samples).map((value) => (value === null ? null : short(value))) };
  });
  if (!buckets.every(({ bound }) => !Number.isNaN(bound))) return buckets;
  buckets.sort((a, b) => a.bound - b.bound);
  const isCumulative = answer.frames.every(({ fields, refId }) => fields.some(({ labels }) => "le" in labels) || panel.targets.some((target) => textOf(target["refId"]) === refId && target["format"] === "heatmap"));
  if (!isCumulative) return buckets;
  return buckets.map(({ values, ...bucket }, i) => ({ ...bucket, values: values.map((value, at) => (value === null ? null : short(Math.max(0, value - (buckets[i - 1]?.values[at] ?? 0))))) }));
}

/** Ranges of equal size, into which the samples of all series are counted here. */
function counted({ panel }: PanelContent & object, series: Series[], samples: number): Bucket[] {
  const { unit } = configOf(panel, series[0]!.field, series[0]!.frame);
  const all = series.flatMap(({ values }) => values.filter((value) => value !== null));
  const [low, high] = [all.reduce((a, b) => Math.min(a, b), Infinity), all.reduce((a, b) => Math.max(a, b), -Infinity)];
  if (!Number.isFinite(low)) return [];
  const size = (high - low) / rowsDrawn || 1;
  const buckets = Array.from({ length: high > low ? rowsDrawn : 1 }, (_, i): Bucket => ({ label: `≥ ${formatted(low + i * size, unit)}`, bound: low + (i + 1) * size, values: new Array<number | null>(samples).fill(null) }));
  const times = series.flatMap((one) => one.times.filter((time) => time !== null));
  const [first, last] = [times.reduce((a, b) => Math.min(a, b), Infinity), times.reduce((a, b) => Math.max(a, b), -Infinity)];
  for (const { times: at, values } of series) {
    for (const [i, value] of values.entries()) {
      if (value === null) continue;
      const column = last > first ? Math.round((((at[i] ?? first) - first) / (last - first)) * (samples - 1)) : 0;
      const { values: cells } = buckets[Math.min(buckets.length - 1, Math.floor((value - low) / size))]!;
      cells[column] = (cells[column] ?? 0) + 1;
    }
  }
  return buckets;
}

function unitOfBounds(options: Record<string, unknown>, otherwise: string): string {
  const axis = options["yAxis"];
  return typeof axis === "object" && axis !== null ? textOf((axis as { unit?: unknown }).unit, otherwise) : otherwise;
}
