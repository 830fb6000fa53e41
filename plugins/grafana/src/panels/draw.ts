import { empty, markdown, span, stack, text, type ViewNode } from "@lazyoc/plugin";
import type { Panel } from "../api/dashboard.js";
import { GrafanaFailure } from "../api/client.js";
import { cut, textOf } from "../api/shapes.js";
import { valuesRead } from "../query/frames.js";
import { counted } from "../query/resample.js";
import { interpolate, type Scope } from "../query/variables.js";
import type { PanelContent } from "./content.js";
import { graph } from "./graph.js";
import { heatmap } from "./heatmap.js";
import { logLines, notApplied, tableRows } from "./rows.js";
import { barChart, gauge, stat } from "./single.js";

/** Characters of the text of a panel. */
const proseChars = 4_000;

/** Remarks of the datasource that are shown of one panel. */
const noticesShown = 2;

/** How panels are drawn, by their type. */
const drawings: Record<string, (content: PanelContent) => ViewNode[]> = {
  timeseries: (content) => [...graph(content), ...notApplied(content.panel.transformations)],
  graph: (content) => [...graph(content), ...notApplied(content.panel.transformations)],
  trend: (content) => graph(content),
  stat: (content) => [...stat(content), ...notApplied(content.panel.transformations)],
  singlestat: (content) => stat(content),
  gauge: (content) => [...gauge(content), ...notApplied(content.panel.transformations)],
  bargauge: (content) => [...gauge(content), ...notApplied(content.panel.transformations)],
  barchart: (content) => [...barChart(content), ...notApplied(content.panel.transformations)],
  piechart: (content) => [...barChart(content), ...notApplied(content.panel.transformations)],
  heatmap: (content) => [...heatmap(content), ...notApplied(content.panel.transformations)],
  table: tableRows,
  "table-old": tableRows,
  logs: logLines,
};

/** Whether a panel is drawn of what its queries give. */
export function isQueried({ type, library }: Panel): boolean {
  return library === "" && Object.hasOwn(drawings, type);
}

/** What a panel shows that has no queries, or none that help. */
export function still({ type, options, library }: Panel, variables: Scope): ViewNode[] {
  if (library !== "") return [empty(`it is the library panel ${library}, which only Grafana itself puts together`)];
  if (type !== "text") return [empty(`a panel of the type ${type || "that it does not say"} is not drawn here: open the dashboard in your browser`)];
  const content = cut(interpolate(textOf(options["content"]), variables, "glob"), proseChars);
  return [options["mode"] === "code" ? { type: "code", content } : markdown(options["mode"] === "html" ? withoutTags(content) : content)];
}

/** What its answer looks like. A query that failed beside others that did not is said, and the others are drawn. */
export function draw(content: PanelContent): ViewNode[] {
  const { answer, panel } = content;
  if (answer.errors.length > 0 && answer.frames.length === 0) return [{ type: "error", message: answer.errors[0]!, hint: "look at the query in Grafana" }];
  return [
    ...drawings[panel.type]!(content),
    ...answer.errors.map((error) => text(span(`✗ ${error}`, "error"))),
    ...[...new Set(answer.notices)].slice(0, noticesShown).map((notice) => text(span(`▲ ${notice}`, "warn"))),
    ...(answer.every > 1 ? [text(span(`▲ ${counted(answer.values)} values; at most ${counted(valuesRead)} of a panel are looked at, one of ${counted(answer.every)} here`, "warn"))] : []),
    ...(answer.isPartial ? [text(span("▲ there are more frames than are looked at", "warn"))] : []),
  ];
}

export function failureView(failed: unknown): ViewNode {
  return failed instanceof GrafanaFailure
    ? { type: "error", message: failed.message, hint: failed.hint }
    : { type: "error", message: failed instanceof Error ? failed.message : String(failed), hint: "look at this plugin's log" };
}

/** A panel with its title above. */
export function framed(title: string, body: ViewNode[]): ViewNode {
  return stack([...(title === "" ? [] : [text(span(title, "strong"))]), ...body]);
}

function withoutTags(html: string): string {
  return html.replace(/<[^>]*>/g, " ").replace(/[ \t]+/g, " ").trim();
}
