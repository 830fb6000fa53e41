import { chart, ChartSeries, empty, Json, span, stack, table, TableColumn, TableRow, text, TextStyle, ViewNode } from "@lazyoc/assemblyscript/assembly";
import { ailing, pods, summary } from "./pods";

/** How many ailing pods the page lists. */
const LISTED = 200;

/** The dashboard's card: how much of the cluster is well. */
export function card(): ViewNode {
  return stack([headline(), gauge()], 1);
}

/** The page: the card's figures, the phases, and the pods that ail. */
export function page(): ViewNode {
  return stack([headline(), gauge(), phases(), patients()], 1);
}

/** The style of the whole. */
export function style(): string {
  return ailing().length == 0 ? TextStyle.ok : TextStyle.warn;
}

function headline(): ViewNode {
  return text([span(summary(), style())]);
}

function gauge(): ViewNode {
  const well = pods.size == 0 ? 100 : ((pods.size - ailing().length) * 100) / pods.size;
  return chart("gauge", "Well", [ChartSeries.of([well], style())]).having("unit", Json.of("%")).having("min", Json.of(0)).having("max", Json.of(100));
}

function phases(): ViewNode {
  const counts = new Map<string, i32>();
  const all = pods.values();
  for (let i = 0; i < all.length; i++) counts.set(all[i].phase, (counts.has(all[i].phase) ? counts.get(all[i].phase) : 0) + 1);
  const names = counts.keys().sort();
  const rows: TableRow[] = [];
  for (let i = 0; i < names.length; i++) rows.push(TableRow.of(names[i], [span(names[i]), span(counts.get(names[i]).toString())]));
  return table([TableColumn.of("PHASE"), TableColumn.of("PODS", "number")], rows);
}

function patients(): ViewNode {
  const sick = ailing();
  if (sick.length == 0) return empty("No pod ails");
  const rows: TableRow[] = [];
  for (let i = 0; i < sick.length && i < LISTED; i++)
    rows.push(TableRow.of(sick[i].path, [span(sick[i].project, TextStyle.muted), span(sick[i].name), span(sick[i].phase, TextStyle.warn)]));
  return table([TableColumn.of("NAMESPACE"), TableColumn.of("AILING POD"), TableColumn.of("PHASE", "status")], rows);
}
