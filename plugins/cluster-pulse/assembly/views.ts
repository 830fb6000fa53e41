import { JSON } from "assemblyscript-json/assembly";
import { ailing, pods, summary } from "./pods";

/** How many ailing pods the page lists. */
const LISTED = 200;

/** The dashboard's card: how much of the cluster is well. */
export function card(): string {
  return stack([`{"type":"text","spans":[${span(summary(), style())}]}`, gauge()]);
}

/** The page: the card's figures, the phases, and the pods that ail. */
export function page(): string {
  return stack([`{"type":"text","spans":[${span(summary(), style())}]}`, gauge(), phases(), patients()]);
}

/** The style of the whole. */
export function style(): string {
  return ailing().length == 0 ? "ok" : "warn";
}

function gauge(): string {
  const well = pods.size == 0 ? 100 : ((pods.size - ailing().length) * 100) / pods.size;
  return `{"type":"chart","kind":"gauge","title":"Well","unit":"%","min":0,"max":100,"series":[{"values":[${well}],"style":"${style()}"}]}`;
}

function phases(): string {
  const counts = new Map<string, i32>();
  const all = pods.values();
  for (let i = 0; i < all.length; i++) counts.set(all[i].phase, (counts.has(all[i].phase) ? counts.get(all[i].phase) : 0) + 1);
  const names = counts.keys().sort();
  const rows: string[] = [];
  for (let i = 0; i < names.length; i++) rows.push(row(names[i], [span(names[i], "plain"), span(counts.get(names[i]).toString(), "plain")]));
  return `{"type":"table","header":[{"title":"PHASE"},{"title":"PODS","type":"number","align":"end"}],"rows":[${rows.join(",")}]}`;
}

function patients(): string {
  const sick = ailing();
  if (sick.length == 0) return '{"type":"empty","message":"No pod ails"}';
  const rows: string[] = [];
  for (let i = 0; i < sick.length && i < LISTED; i++)
    rows.push(row(sick[i].path, [span(sick[i].project, "muted"), span(sick[i].name, "plain"), span(sick[i].phase, "warn")]));
  return `{"type":"table","header":[{"title":"NAMESPACE"},{"title":"AILING POD"},{"title":"PHASE","type":"status"}],"rows":[${rows.join(",")}]}`;
}

function stack(children: string[]): string {
  return `{"type":"stack","gap":1,"children":[${children.join(",")}]}`;
}

function row(id: string, cells: string[]): string {
  return `{"id":${quoted(id)},"cells":[${cells.join(",")}]}`;
}

function span(text: string, style: string): string {
  return `{"text":${quoted(text)},"style":"${style}"}`;
}

/** A string in JSON. */
export function quoted(text: string): string {
  return JSON.from(text).stringify();
}
