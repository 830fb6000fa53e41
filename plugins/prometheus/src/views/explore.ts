import { form, type Host, span, stack, table, text, type ViewNode } from "@lazyoc/plugin";
import { instant, over, type Series } from "../query/client.js";
import { type Settings, sourceOf } from "../query/source.js";
import { chartOf, failureView, isRange, rangeOf, ranges } from "./charts.js";
import { labelsText, short } from "./format.js";

/** Rows of the table of values. */
const rowsShown = 200;

export interface Question {
  query: string;
  range: string;
}

/** The page on which any query can be asked. */
export function explorePage(question: Question, answer: ViewNode): ViewNode {
  return stack(
    [
      form(
        "ask",
        [
          { name: "query", label: "PromQL", kind: "text", required: true, max: 4_000, value: question.query, help: "such as sum by (namespace) (lazyoc_pods)" },
          { name: "range", label: "Range", kind: "select", value: question.range, options: [{ value: "now", label: "now, as a table" }, ...Object.entries(ranges).map(([value, { title }]) => ({ value, label: title }))] },
        ],
        "Ask",
      ),
      answer,
    ],
    1,
  );
}

export async function answerTo({ query, range }: Question, host: Host): Promise<ViewNode> {
  const [settings, { now }] = await Promise.all([host.settings<Settings>(), host.info()]);
  const source = sourceOf(settings);
  try {
    if (isRange(range)) return chartOf(query, await over(host, source, query, rangeOf(range, now)), "", (value) => value, labelsText);
    return tableOf(await instant(host, source, query));
  } catch (failed) {
    return failureView(failed);
  }
}

function tableOf(series: Series[]): ViewNode {
  if (series.length === 0) return { type: "empty", message: "No series: nothing has this name and these labels now" };
  const rows = series.slice(0, rowsShown).map(({ labels, values }, i) => {
    const value = values[0] ?? null;
    return { id: String(i), cells: [span(labelsText(labels)), span(value === null ? "NaN" : short(value), "strong")] };
  });
  const found = table(["SERIES", { title: "VALUE", type: "number", align: "end" }], rows, { id: "values", sort: { column: 1, descending: true } });
  return series.length > rows.length ? stack([found, text(span(`${rows.length} of ${series.length} series`, "warn"))]) : found;
}
