import type { Host, HostError } from "@lazyoc/plugin";
import type { Source } from "./source.js";

export interface Series {
  labels: Record<string, string>;
  /** Equally spaced, oldest first; of an instant query one. */
  values: (number | null)[];
}

export interface Range {
  /** Seconds since 1970. */
  start: number;
  end: number;
  step: number;
}

/** Series that one query may bring; what draws them shows fewer. */
export const maxSeries = 1_000;

/** Why a query gave nothing, in words for the user. */
export class QueryFailure extends Error {
  constructor(
    message: string,
    readonly hint: string,
    /** Asking for less may help. */
    readonly isTooMuch = false,
  ) {
    super(message);
  }
}

interface PrometheusAnswer {
  status?: string;
  error?: string;
  errorType?: string;
  data?: { resultType?: string; result?: unknown };
}

/** The series at one moment. */
export function instant(host: Host, source: Source, query: string, time?: number): Promise<Series[]> {
  return ask(host, source, "/api/v1/query", { query, ...(time !== undefined && { time: String(time) }) }, null);
}

/** The series over time. */
export function over(host: Host, source: Source, query: string, range: Range): Promise<Series[]> {
  return ask(host, source, "/api/v1/query_range", { query, start: String(range.start), end: String(range.end), step: String(range.step) }, range);
}

async function ask(host: Host, source: Source, path: string, query: Record<string, string>, range: Range | null): Promise<Series[]> {
  const { status, body } = await source.get(host, path, query).catch((refused: HostError) => {
    throw explain(source, refused);
  });
  const answer = parse(body);
  if (status === 401 || status === 403) throw new QueryFailure(`${source.name} refuses the query (${status})`, source.tokenHint);
  if (answer?.status === "error") throw new QueryFailure(answer.error ?? "the query failed", hintOf(answer.errorType));
  if (status !== 200 || answer?.status !== "success") throw new QueryFailure(`${source.name} answers with status ${status}, and not as a Prometheus does`, "look at the address in the settings of this plugin");
  const series = read(answer.data, range);
  if (series.length > maxSeries) throw new QueryFailure(`the query gives ${series.length} series; at most ${maxSeries} are taken`, "narrow it with labels, or add them up with `sum by (…)`", true);
  return series;
}

function hintOf(errorType: string | undefined): string {
  switch (errorType) {
    case "bad_data":
      return "correct the query";
    case "timeout":
    case "canceled":
      return "ask for less: a shorter range, fewer series";
    default:
      return "Prometheus could not carry the query out; its own log may say more";
  }
}

function explain(source: Source, refused: HostError): QueryFailure {
  switch (refused.code) {
    case "not-found":
      return new QueryFailure(`there is no Prometheus at ${source.name}`, "set where yours is in the settings of this plugin: `service` or `url`");
    case "unavailable":
    case "timeout":
      return new QueryFailure(`${source.name} does not answer: ${refused.message}`, "look whether it runs, and at the address in the settings of this plugin");
    case "too-large":
      return new QueryFailure("the answer has too many series to be taken", "narrow the query with labels, or add them up with `sum by (…)`", true);
    case "permission-denied":
    case "gesture-required":
      return new QueryFailure(`${source.name} may not be asked: ${refused.message}`, "services are reached in openshift-monitoring and monitoring, and not while the context is read-only; set `url` for another one");
    case "quota-exceeded":
      return new QueryFailure("too many queries at once", "wait a moment");
    default:
      return new QueryFailure(refused.message, "try again");
  }
}

function parse(body: string): PrometheusAnswer | null {
  try {
    return JSON.parse(body) as PrometheusAnswer;
  } catch {
    return null;
  }
}

type Point = [number, string];

function read(data: PrometheusAnswer["data"], range: Range | null): Series[] {
  switch (data?.resultType) {
    case "vector":
      return (data.result as { metric: Record<string, string>; value: Point }[]).map(({ metric, value }) => ({ labels: metric, values: [numberOf(value[1])] }));
    case "matrix":
      return (data.result as { metric: Record<string, string>; values: Point[] }[]).map(({ metric, values }) => ({ labels: metric, values: range ? spaced(values, range) : values.map(([, v]) => numberOf(v)) }));
    case "scalar":
      return [{ labels: {}, values: [numberOf((data.result as Point)[1])] }];
    default:
      throw new QueryFailure(`the query gives a ${data?.resultType ?? "nothing"}, which cannot be drawn`, "ask for numbers");
  }
}

/** Puts each point in its place; Prometheus leaves out those it does not have. */
function spaced(points: Point[], { start, end, step }: Range): (number | null)[] {
  const values = new Array<number | null>(Math.floor((end - start) / step) + 1).fill(null);
  for (const [time, value] of points) {
    const index = Math.round((time - start) / step);
    if (index >= 0 && index < values.length) values[index] = numberOf(value);
  }
  return values;
}

function numberOf(text: string): number | null {
  const value = Number(text);
  return Number.isFinite(value) ? value : null;
}
