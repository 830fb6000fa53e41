import { empty, type Span, span, table, type TableColumn, text, type ViewNode } from "@lazyoc/plugin";
import { cut, textOf } from "../api/shapes.js";
import { type Field, type Frame, nameOf } from "../query/frames.js";
import { counted } from "../query/resample.js";
import { timeText } from "../query/time.js";
import type { PanelContent } from "./content.js";
import { configOf, styleAt, wordsOf } from "./field-config.js";

/** Rows and columns of a table, and characters of a cell. */
const rowsShown = 50;
const columnsShown = 8;
const cellChars = 80;

/** Lines of a log, and characters of one. */
const linesShown = 50;
const lineChars = 300;

/** What is done here, too. */
const harmless = new Set(["merge"]);

/** Rows as they came. Frames of the same columns are put below each other; labels become columns. */
export function tableRows({ panel, answer }: PanelContent): ViewNode[] {
  const frames = answer.frames.filter(({ fields }) => fields.length > 0).map(withLabels);
  const first = frames[0];
  if (!first || frames.every(({ length }) => length === 0)) return [empty("no rows")];
  const names = first.fields.map((field) => field.name);
  const alike = frames.filter(({ fields }) => fields.length === names.length && fields.every(({ name }, i) => name === names[i]));
  const columns = first.fields.map((field, i) => ({ field, config: configOf(panel, field, first), at: i })).filter(({ config }) => !config.isHidden);
  const shownColumns = columns.slice(0, columnsShown);
  const header = shownColumns.map(({ field, config }): TableColumn => ({ title: cut((config.displayName || field.name || "value").toUpperCase(), cellChars), ...(field.type === "number" ? { align: "end" as const } : {}), ...(field.type === "number" && config.unit === "" && config.mappings.length === 0 ? { type: "number" as const } : {}) }));
  const total = alike.reduce((sum, { length }) => sum + length, 0);
  const rows: { id: string; cells: Span[] }[] = [];
  for (const frame of alike) {
    for (let row = 0; row < frame.length && rows.length < rowsShown; row++) rows.push({ id: String(rows.length), cells: shownColumns.map(({ field, config, at }) => cellOf(field, config, frame.fields[at]!.values[row])) });
  }
  return [
    table(header, rows),
    ...(total > rows.length ? [text(span(`${rows.length} of ${counted(total * answer.every)} rows`, "warn"))] : []),
    ...(columns.length > shownColumns.length ? [text(span(`${shownColumns.length} of ${columns.length} columns`, "warn"))] : []),
    ...(frames.length > alike.length ? [text(span(`${frames.length - alike.length} more tables with other columns are not shown`, "warn"))] : []),
    ...notApplied(panel.transformations),
  ];
}

/** Says which changes of the frames Grafana would have made, and this plugin does not. */
export function notApplied(transformations: readonly string[]): ViewNode[] {
  const missing = [...new Set(transformations.filter((id) => !harmless.has(id)))];
  return missing.length === 0 ? [] : [text(span(`not applied here: ${cut(missing.join(", "), cellChars)}`, "muted"))];
}

function cellOf(field: Field, config: ReturnType<typeof configOf>, value: unknown): Span {
  if (field.type === "time") return span(typeof value === "number" ? timeText(value) : "-", "muted");
  const words = cut(wordsOf(config, value).replace(/\s+/g, " "), cellChars);
  return field.type === "number" && (config.steps.length > 0 || config.mappings.length > 0) ? span(words, styleAt(config, typeof value === "number" ? value : null)) : span(words);
}

/** A frame whose values have labels gets a column for each label, before its values. */
function withLabels(frame: Frame): Frame {
  const labelled = frame.fields.filter(({ labels }) => Object.keys(labels).length > 0);
  const [only] = labelled;
  if (labelled.length !== 1 || !only) return labelled.length === 0 ? frame : { ...frame, fields: frame.fields.map((field) => ({ ...field, name: field.type === "time" ? field.name : nameOf(field, frame) })) };
  const columns = Object.entries(only.labels).map(([name, value]): Field => ({ name, type: "string", labels: {}, config: {}, values: new Array<unknown>(frame.length).fill(value) }));
  return { ...frame, fields: frame.fields.flatMap((field) => (field === only ? [...columns, field] : [field])) };
}

/** Lines of logs, the latest first, each with its time. */
export function logLines({ answer }: PanelContent): ViewNode[] {
  const lines = answer.frames.flatMap((frame) => {
    const time = frame.fields.find(({ type }) => type === "time");
    const line = frame.fields.find(({ type, name }) => type === "string" && /^(line|body|message|msg|value)$/i.test(name)) ?? frame.fields.find(({ type }) => type === "string");
    return line ? Array.from({ length: frame.length }, (_, i) => ({ time: time?.values[i], line: textOf(line.values[i]) })) : [];
  });
  if (lines.length === 0) return [empty("no lines in this time")];
  const at = (time: unknown) => (typeof time === "number" ? time : 0);
  const shown = lines.sort((a, b) => at(b.time) - at(a.time)).slice(0, linesShown);
  return [
    ...shown.map(({ time, line }) => text(span(`${typeof time === "number" ? timeText(time) : ""} `, "muted"), span(cut(line.replace(/\s+/g, " "), lineChars)))),
    ...(lines.length > shown.length ? [text(span(`the latest ${shown.length} of ${counted(lines.length * answer.every)} lines`, "warn"))] : []),
  ];
}
