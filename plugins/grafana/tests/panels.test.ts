import type { ViewNode } from "@lazyoc/plugin";
import { expect, test } from "@lazyoc/plugin/testing";
import type { Panel } from "../src/api/dashboard.js";
import { draw, isQueried, still } from "../src/panels/draw.js";
import { configOf, reduced, styleOf } from "../src/panels/field-config.js";
import { formatted, scaleOf } from "../src/panels/units.js";
import { answerOf, type Field } from "../src/query/frames.js";
import { linesOf } from "../src/views/layout.js";

const window = { from: 0, to: 100_000 };

function panel(type: string, more: Partial<Panel> = {}): Panel {
  return { id: 1, type, title: "", x: 0, y: 0, w: 12, h: 8, datasource: null, targets: [], fieldConfig: {}, options: {}, transformations: [], repeat: "", maxDataPoints: undefined, intervalMs: undefined, timeFromMs: undefined, timeShiftMs: undefined, isCollapsed: false, panels: [], library: "", ...more };
}

function frame(values: unknown[][], fields: object[] = [{ name: "Time", type: "time" }, { name: "Value", type: "number" }]) {
  return { schema: { fields }, data: { values } };
}

function drawn(of: Panel, frames: object[], marks: number[] = []): ViewNode[] {
  return draw({ panel: of, answer: answerOf({ results: { A: { frames } } }, ["A"]), window, marks, width: 80, height: 8 });
}

type Chart = ViewNode & { type: "chart" };
const chartOf = (nodes: ViewNode[]) => nodes.find((node): node is Chart => node.type === "chart")!;
const wordsOf = (nodes: ViewNode[]) => nodes.flatMap((node) => (node.type === "text" ? node.spans.map(({ text }) => text) : [])).join("");

test("units are written as people read them", () => {
  const written: [number, string, string][] = [
    [1536, "bytes", "1.5 KiB"], [2e9, "decbytes", "2 GB"], [0.123, "percentunit", "12.3%"], [95, "percent", "95%"], [0.0042, "s", "4.2 ms"], [90, "s", "90 s"], [7200, "s", "2 h"],
    [250, "ms", "250 ms"], [12, "ops", "12 ops/s"], [12_345, "short", "12.3k"], [3.14159, "", "3.14"], [1, "bool", "yes"], [7, "suffix:widgets", "7 widgets"], [0, "s", "0 s"], [5, "no such unit", "5"],
  ];
  expect(written.map(([value, unit]) => formatted(value, unit))).toEqual(written.map(([, , text]) => text));
  expect(scaleOf("bytes", 3 * 2 ** 20)).toEqual({ factor: 1 / 2 ** 20, unit: "MiB" });
});

test("colours become meanings", () => {
  expect(["green", "dark-red", "semi-dark-orange", "#EAB839", "rgb(31, 120, 193)", "#F2495C", "#73BF69", "super-light-yellow", "#888888", "?"].map(styleOf)).toEqual(["ok", "error", "warn", "warn", "info", "error", "ok", "warn", "muted", "plain"]);
});

test("what a field is shown as comes from defaults, the datasource and overrides", () => {
  const field: Field = { name: "Value", type: "number", labels: {}, config: { unit: "s", displayNameFromDS: "p99" }, values: [] };
  const frameOf = { name: "", refId: "B", meta: {}, fields: [field], length: 0 };
  const config = configOf(
    panel("stat", {
      fieldConfig: {
        defaults: { min: 0, thresholds: { mode: "absolute", steps: [{ color: "green", value: null }, { color: "red", value: 5 }] } },
        overrides: [{ matcher: { id: "byName", options: "p99" }, properties: [{ id: "unit", value: "ms" }, { id: "custom.hideFrom", value: { viz: true } }] }, { matcher: { id: "byRegexp", options: "/(a+)+$/" }, properties: [{ id: "max", value: 1 }] }, { matcher: { id: "byFrameRefID", options: "B" }, properties: [{ id: "max", value: 9 }] }],
      },
    }),
    field,
    frameOf,
  );
  expect([config.unit, config.min, config.max, config.base, config.isHidden]).toEqual(["ms", 0, 9, "ok", true]);
  expect(["mean", "sum", "min", "max", "last", "lastNotNull", "count", "range", "?"].map((calculation) => reduced([1, 5, null], calculation))).toEqual([3, 6, 1, 5, null, 5, 3, 4, 5]);
});

test("a time series is a line with its legend, its marks and its gaps", () => {
  const nodes = drawn(panel("timeseries", { fieldConfig: { defaults: { unit: "bytes" } } }), [frame([[0, 50_000, 100_000], [2 ** 20, null, 3 * 2 ** 20]])], [50_000]);
  const chart = chartOf(nodes);
  expect([chart.kind, chart.unit, chart.min, chart.max, chart.height]).toEqual(["line", "MiB", 0, 3, 8]);
  expect(chart.series[1]!.values).toEqual([1, null, 3]);
  // A mark goes from the bottom to the top.
  expect(chart.series[0]!.values.filter((value) => value !== null)).toEqual([0, 3]);
  expect(wordsOf(nodes)).toContain("3\u00a0MiB");
});

test("too many series and points are named", () => {
  const times = Array.from({ length: 400 }, (_, i) => i * 250);
  const nodes = drawn(panel("timeseries"), Array.from({ length: 9 }, (_, i) => frame([times, times.map(() => i)])));
  expect(chartOf(nodes).series.length).toBe(6);
  expect(wordsOf(nodes)).toContain("6 of 9 series");
  expect(wordsOf(nodes)).toContain("2,400 points, drawn as 600");
  const many = Array.from({ length: 50_000 }, (_, i) => i * 2);
  const thinned = drawn(panel("timeseries"), [frame([many, many])]);
  expect(wordsOf(thinned)).toContain("100,000 values; at most 8,000 of a panel are looked at, one of 13 here");
  expect(chartOf(thinned).series[0]!.values.length).toBe(100);
});

test("numbers take thresholds and mappings", () => {
  const steps = { mode: "percentage", steps: [{ color: "green", value: null }, { color: "red", value: 80 }] };
  const gauge = chartOf(drawn(panel("gauge", { fieldConfig: { defaults: { unit: "percentunit", min: 0, max: 1, thresholds: steps } } }), [frame([[1], [0.83]])]));
  expect([gauge.kind, gauge.unit, gauge.max, gauge.series[0]!.values, gauge.thresholds]).toEqual(["gauge", "%", 100, [83], [{ value: 80, style: "error" }]]);
  const mappings = [{ type: "value", options: { "0": { text: "Down", color: "red" } } }, { type: "range", options: { from: 1, to: 9, result: { text: "Some", color: "green" } } }, { type: "special", options: { match: "null", result: { text: "Nobody knows" } } }];
  const stat = (value: number | null) => wordsOf(drawn(panel("stat", { fieldConfig: { defaults: { mappings } }, options: { graphMode: "none" } }), [frame([[1], [value]])]));
  expect([stat(0), stat(4), stat(null), stat(77)]).toEqual(["✗ Down", "✓ Some", "Nobody knows", "77"]);
});

test("categories are bars, buckets a heat map, rows a table and lines a log", () => {
  const bars = chartOf(drawn(panel("barchart"), [frame([["a", "b"], [1, 2]], [{ name: "n", type: "string" }, { name: "v", type: "number" }])]));
  expect(bars.series.map(({ label, values }) => `${label} ${values}`)).toEqual(["a 1", "b 2"]);
  const bucket = (le: string, value: number) => frame([[0, 100_000], [value, value]], [{ name: "Time", type: "time" }, { name: "Value", type: "number", labels: { le } }]);
  const heat = chartOf(drawn(panel("heatmap"), [bucket("+Inf", 30), bucket("0.1", 10), bucket("1", 25)]));
  expect(heat.series.map(({ label, values }) => `${label} ${values}`)).toEqual(["more 5,5", "≤ 1 15,15", "≤ 0.1 10,10"]);
  const calculated = chartOf(drawn(panel("heatmap", { options: { calculate: true } }), [frame([[0, 100_000], [1, 13]])]));
  expect([calculated.series.length, calculated.series[0]!.values, calculated.series[11]!.values]).toEqual([12, [null, 1], [1, null]]);
  const rows = drawn(panel("table", { transformations: ["organize"] }), [frame([[1], [5]], [{ name: "Time", type: "time" }, { name: "Value", type: "number", labels: { pod: "cart" } }])]);
  expect(rows[0]!.type === "table" && [rows[0]!.header.map(({ title }) => title), rows[0]!.rows[0]!.cells.map(({ text }) => text)]).toEqual([["TIME", "POD", "VALUE"], ["1970-01-01 00:00:00", "cart", "5"]]);
  expect(wordsOf(rows)).toContain("not applied here: organize");
  const log = drawn(panel("logs"), [{ schema: { fields: [{ name: "Time", type: "time" }, { name: "Line", type: "string" }] }, data: { values: [[5, 5], ["first", "second"]], nanos: [[1, 2], null] } }]);
  expect(wordsOf(log)).toMatch(/second.*first/);
});

test("what is not drawn says so, and text is text", () => {
  expect(isQueried(panel("geomap"))).toBe(false);
  expect(isQueried(panel("constructor"))).toBe(false);
  expect(JSON.stringify(still(panel("geomap"), new Map()))).toContain("type geomap");
  expect(still(panel("text", { options: { mode: "html", content: "<b>Hi</b> $who" } }), new Map([["who", { values: ["you"], isMulti: false }]]))).toEqual([{ type: "markdown", content: "Hi you" }]);
});

test("panels stand as the grid has them, and as the screen is wide", () => {
  const grid = [panel("stat", { id: 1, w: 12 }), panel("stat", { id: 2, x: 12, w: 12 }), panel("row", { id: 3, y: 8, title: "More of $app", isCollapsed: true, panels: [panel("stat", { id: 4, y: 9 })] }), panel("stat", { id: 5, y: 10, repeat: "app", title: "Of $app" })];
  const scope = new Map([["app", { values: ["cart", "search"], isMulti: true }]]);
  const shown = (width: number, opened: number[] = []) => linesOf(grid, scope, opened, width).lines.map((line) => ("row" in line ? line.title : line.places.map(({ key, title }) => title || key).join(" | ")));
  expect(shown(120)).toEqual(["1 | 2", "More of {cart,search} (1 panel)", "Of cart | Of search"]);
  expect(shown(40, [3])).toEqual(["1", "2", "More of {cart,search} (1 panel)", "4", "Of cart", "Of search"]);
});
