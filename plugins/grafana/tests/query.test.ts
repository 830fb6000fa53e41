import { expect, test } from "@lazyoc/plugin/testing";
import { answerOf, seriesOf } from "../src/query/frames.js";
import { resample, samplesDrawn, samplesFor } from "../src/query/resample.js";
import { durationText, intervalMs, windowOf } from "../src/query/time.js";
import { builtIn, interpolate, scopeOf, type Value, variablesOf } from "../src/query/variables.js";

const now = Date.parse("2026-01-15T09:30:45Z");
const iso = (ms: number) => new Date(ms).toISOString();

test("time ranges are read as Grafana writes them", () => {
  const window = (from: string, to: string) => {
    const read = windowOf({ from, to }, now);
    return [iso(read.from), iso(read.to)];
  };
  expect(window("now-6h", "now")).toEqual(["2026-01-15T03:30:45.000Z", "2026-01-15T09:30:45.000Z"]);
  expect(window("now-1d/d", "now-1d/d")).toEqual(["2026-01-14T00:00:00.000Z", "2026-01-14T23:59:59.999Z"]);
  expect(window("now/w", "now")).toEqual(["2026-01-12T00:00:00.000Z", "2026-01-15T09:30:45.000Z"]);
  expect(window("2026-01-01T00:00:00Z", "1767312000000")).toEqual(["2026-01-01T00:00:00.000Z", "2026-01-02T00:00:00.000Z"]);
  // What cannot be read, or ends before it begins, is the usual range.
  expect(window("soon", "now")).toEqual(["2026-01-15T03:30:45.000Z", "2026-01-15T09:30:45.000Z"]);
  expect(window("now", "now-1h")).toEqual(["2026-01-15T03:30:45.000Z", "2026-01-15T09:30:45.000Z"]);
  expect(durationText(intervalMs({ from: 0, to: 21_600_000 }, 100, 15_000))).toBe("5m");
});

test("variables are put in as each format says", () => {
  const variables = variablesOf({
    list: [
      { name: "ns", type: "query", current: { value: "shop" } },
      { name: "app", type: "custom", multi: true, query: "cart,Search box : search.v2", current: { value: ["cart", "search.v2"] } },
      { name: "all", type: "custom", includeAll: true, query: "a,b", current: { value: "$__all" } },
      { name: "any", type: "query", includeAll: true, allValue: "x.*", current: { value: ["$__all"] } },
      { name: "constant", type: "constant", query: "1", current: {} },
      { name: "not a name", type: "custom" },
    ],
  });
  expect(variables.map(({ name }) => name)).toEqual(["ns", "app", "all", "any", "constant"]);
  const scope = new Map<string, Value>([...scopeOf(variables, {}), ...builtIn({ from: 0, to: 3_600_000 }, 30_000)]);
  const put = (text: string, style: "regex" | "sql" | "glob" = "regex") => interpolate(text, scope, style);
  expect(put('{ns="$ns", app=~"$app"}')).toBe('{ns="shop", app=~"(cart|search\\\\.v2)"}');
  expect(put("${app:regex} ${app:csv} ${app:pipe} [[app:json]]")).toBe('(cart|search\\.v2) cart,search.v2 cart|search.v2 ["cart","search.v2"]');
  expect(put("app in ($app)", "sql")).toBe("app in ('cart','search.v2')");
  expect(put("$app", "glob")).toBe("{cart,search.v2}");
  expect(put("$all $any $constant")).toBe("(a|b) x.* 1");
  expect(put("[$__interval] [$__rate_interval] [$__range] $__from ${__to:date}")).toBe("[30s] [1m] [3600s] 0 1970-01-01T01:00:00.000Z");
  // Macros of datasources, and what is no name.
  expect(put("$__timeFilter(at) $unknown $ $1 ${}")).toBe("$__timeFilter(at) $unknown $ $1 ${}");
  expect(interpolate("$ns", scopeOf(variables, { ns: ["other"] }), "regex")).toBe("other");
});

test("frames are read with nanoseconds, nulls and what JSON cannot say", () => {
  const answer = answerOf(
    {
      results: {
        A: {
          frames: [
            { schema: { fields: [{ name: "Time", type: "time" }, { name: "Value", type: "number", labels: { app: "cart" } }] }, data: { values: [[1000, 2000, 3000], [1, null, 3]], nanos: [[500_000, 0, 0], null], entities: [null, { NaN: [2] }] } },
            { schema: { fields: [{ name: "t", type: "time" }, { name: "a", type: "number" }, { name: "ok", type: "boolean" }] }, data: { values: [[1000], [5], [true]] } },
          ],
        },
        B: { frames: [{ schema: { fields: [{ name: "t", type: "time" }, { name: "host", type: "string" }, { name: "load", type: "number" }] }, data: { values: [[1, 1, 2], ["a", "b", "a"], [1, 2, 3]] } }] },
        C: { error: "no\nsuch metric" },
      },
    },
    ["A", "B", "C"],
  );
  expect(answer.errors).toEqual(["query C: no such metric"]);
  expect(seriesOf(answer.frames).map(({ name, times, values }) => ({ name, times, values }))).toEqual([
    { name: "cart", times: [1000.5, 2000, 3000], values: [1, null, null] },
    { name: "a", times: [1000], values: [5] },
    { name: "ok", times: [1000], values: [1] },
    { name: "a", times: [1, 2], values: [1, 3] },
    { name: "b", times: [1], values: [2] },
  ]);
});

test("frames of any other shape are empty", () => {
  for (const json of [null, 3, "x", [], { results: [] }, { results: { A: 1 } }, { results: { A: { frames: "x" } } }, { results: { A: { frames: [null, 1, { schema: 1, data: [] }, { schema: { fields: [{ type: "number" }] }, data: { values: [{}] } }] } } }]) {
    expect(seriesOf(answerOf(json, ["A"]).frames).flatMap(({ values }) => values)).toEqual([]);
  }
});

test("points are brought onto equal steps, with gaps where they are", () => {
  const even = { times: [0, 10, 20, 30, 40], values: [0, 1, null, 3, 4] };
  expect(samplesFor([even], 0, 40)).toBe(5);
  expect(resample(even, 0, 40, 5)).toEqual([0, 1, null, 3, 4]);
  // Points further apart than samples are joined, but not over a gap.
  expect(resample({ times: [0, 40], values: [0, 4] }, 0, 40, 5)).toEqual([0, 1, 2, 3, 4]);
  expect(resample({ times: [0, 40], values: [0, 4] }, 0, 40, 5, 20)).toEqual([0, null, null, null, 4]);
  expect(resample({ times: [0, 20, 40], values: [0, null, 4] }, 0, 40, 5)).toEqual([0, null, null, null, 4]);
  const many = { times: Array.from({ length: 5_000 }, (_, i) => i), values: Array.from({ length: 5_000 }, (_, i) => i % 2) };
  const drawn = resample(many, 0, 4_999, samplesFor([many], 0, 4_999));
  expect(drawn.length).toBe(samplesDrawn);
  expect(drawn.every((value) => value !== null && Math.abs(value - 0.5) < 0.01)).toBe(true);
});
