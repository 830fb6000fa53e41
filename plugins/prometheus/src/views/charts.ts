import { button, empty, type Host, type ObjectReference, span, stack, text, type ViewNode } from "@lazyoc/plugin";
import { over, QueryFailure, type Range, type Series } from "../query/client.js";
import { oneOf, startsWith, withMatch } from "../query/promql.js";
import { type Settings, sourceOf } from "../query/source.js";

/** Ranges to choose from, by the id of their button. */
export const ranges = { "range-1h": { title: "1 h", seconds: 3_600 }, "range-6h": { title: "6 h", seconds: 21_600 }, "range-24h": { title: "24 h", seconds: 86_400 } } as const;

export type RangeId = keyof typeof ranges;

export function isRange(id: string): id is RangeId {
  return id in ranges;
}

/** Samples of a chart: more than a terminal has columns for its plot would not be seen. */
const samples = 120;

/** Series of one chart; more lines cannot be told apart. */
const seriesShown = 6;

const styles = ["accent", "ok", "warn", "info", "error", "muted"] as const;

/** The range that ends now. Its steps lie on whole multiples, so that redrawing shows the same samples. */
export function rangeOf(id: RangeId, now: string): Range {
  const step = Math.ceil(ranges[id].seconds / samples);
  const end = Math.floor(Date.parse(now) / 1000 / step) * step;
  return { start: end - (samples - 1) * step, end, step };
}

/** The charts of a pod or of the pods of a deployment. */
export async function metricsOf(object: ObjectReference, id: RangeId, host: Host): Promise<ViewNode> {
  const [settings, { now }] = await Promise.all([host.settings<Settings>(), host.info()]);
  const source = sourceOf(settings);
  const range = rangeOf(id, now);
  const match = [
    oneOf("namespace", [object.namespace ?? ""]),
    // A deployment's pods are called after it, its replica set and themselves.
    object.kind === "Deployment" ? startsWith("pod", object.name, "-[a-z0-9]+-[a-z0-9]+") : oneOf("pod", [object.name]),
  ];
  const ask = async (title: string, query: string, unit: string, scale: (value: number) => number): Promise<ViewNode> => {
    try {
      return chartOf(title, await over(host, source, query, range), unit, scale, ({ pod = "" }) => pod);
    } catch (failed) {
      return failureView(failed);
    }
  };
  const charts = await Promise.all([
    ask("Processor", withMatch(settings.cpuQuery ?? "", match), "m", (value) => Math.round(value * 1000)),
    ask("Memory", withMatch(settings.memoryQuery ?? "", match), "Mi", (value) => Math.round(value / (1 << 20))),
  ]);
  // One Prometheus fails in one way: it is said once.
  const failure = charts.find(({ type }) => type === "error");
  return stack([rangeButtons(id), ...(failure && charts.every(({ type }) => type === "error") ? [failure] : charts), text(span(`from ${source.name}`, "muted"))], 1);
}

export function rangeButtons(selected: RangeId): ViewNode {
  return { type: "columns", children: Object.entries(ranges).map(([id, { title }]) => button(id, title, { style: id === selected ? "accent" : "muted" })) };
}

/** A line a series, the greatest first. */
export function chartOf(title: string, series: Series[], unit: string, scale: (value: number) => number, labelOf: (labels: Record<string, string>) => string): ViewNode {
  if (series.length === 0) return empty(`${title}: Prometheus has no samples of it in this time`);
  const last = ({ values }: Series) => values.findLast((value) => value !== null) ?? -Infinity;
  const shown = [...series].sort((a, b) => last(b) - last(a)).slice(0, seriesShown);
  const chart: ViewNode = {
    type: "chart",
    kind: "line",
    title: series.length > shown.length ? `${title} (${shown.length} of ${series.length} series)` : title,
    ...(unit && { unit }),
    min: 0,
    height: 8,
    series: shown.map(({ labels, values }, i) => ({ label: labelOf(labels), values: values.map((value) => (value === null ? null : scale(value))), style: styles[i % styles.length]! })),
  };
  return chart;
}

export function failureView(failed: unknown): ViewNode {
  return failed instanceof QueryFailure
    ? { type: "error", message: failed.message, hint: failed.hint }
    : { type: "error", message: failed instanceof Error ? failed.message : String(failed), hint: "look at this plugin's log" };
}

