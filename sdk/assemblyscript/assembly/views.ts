/** The view tree: what a plugin returns instead of bytes for the terminal. The host draws it. */

import { Json } from "./json";
import { listOf, Value } from "./value";

/** Meaning of a piece of text; the user's theme decides how it looks. */
export namespace TextStyle {
  export const plain = "plain";
  export const muted = "muted";
  export const strong = "strong";
  export const accent = "accent";
  export const ok = "ok";
  export const warn = "warn";
  export const error = "error";
  export const info = "info";
}

/** A run of text in one style. */
export class Span extends Value {}

/** A node of a view. What the user operates needs a `named` one. */
export class ViewNode extends Value {
  static of(type: string): ViewNode {
    return new ViewNode(Json.object().set("type", Json.of(type)));
  }

  /** Names the node for patches and input; unique in its view. */
  named(id: string): ViewNode {
    this.json.set("id", Json.of(id));
    return this;
  }

  /** Anything that a node of its type may have, such as `height` of a chart. */
  having(name: string, value: Json): ViewNode {
    this.json.set(name, value);
    return this;
  }
}

export function span(text: string, style: string = TextStyle.plain): Span {
  return new Span(Json.object().set("text", Json.of(text)).set("style", Json.of(style)));
}

/** A paragraph. */
export function text(spans: Span[]): ViewNode {
  return ViewNode.of("text").having("spans", listOf(spans));
}

/** Children from top to bottom, with empty lines between them. */
export function stack(children: ViewNode[], gap: i32 = 0): ViewNode {
  return ViewNode.of("stack").having("children", listOf(children)).having("gap", Json.of(gap));
}

/** Children side by side. */
export function columns(children: ViewNode[]): ViewNode {
  return ViewNode.of("columns").having("children", listOf(children));
}

/** A page of `tabs`. */
export class TabPage extends Value {
  static of(title: string, content: ViewNode): TabPage {
    return new TabPage(Json.object().set("title", Json.of(title)).set("content", content.json));
  }
}

/** Children one at a time; the host switches between them by itself. */
export function tabs(pages: TabPage[]): ViewNode {
  return ViewNode.of("tabs").having("children", listOf(pages));
}

/** A column of a table: `type` is `text`, `number`, `quantity`, `age` (of a time, RFC 3339) or `status`. */
export class TableColumn extends Value {
  static of(title: string, type: string = "text"): TableColumn {
    const column = new TableColumn(Json.object().set("title", Json.of(title)).set("type", Json.of(type)));
    if (type == "number" || type == "quantity") column.json.set("align", Json.of("end"));
    return column;
  }
}

/** One cell a column; the id is unique in its table. */
export class TableRow extends Value {
  static of(id: string, cells: Span[]): TableRow {
    return new TableRow(Json.object().set("id", Json.of(id)).set("cells", listOf(cells)));
  }
}

/** What can be done with a row; arrives as an input `rowAction`. */
export class RowAction extends Value {
  static of(id: string, title: string, key: string = ""): RowAction {
    const action = new RowAction(Json.object().set("id", Json.of(id)).set("title", Json.of(title)));
    if (key != "") action.json.set("key", Json.of(key));
    return action;
  }
}

/** Rows under typed columns; the host shows only what is visible. Whose rows can be opened, or acted on, needs a name. */
export function table(header: TableColumn[], rows: TableRow[]): ViewNode {
  return ViewNode.of("table").having("header", listOf(header)).having("rows", listOf(rows));
}

/** An item of a tree; the host folds and unfolds. The id is unique in its tree. */
export class TreeItem extends Value {
  static of(id: string, label: Span[], children: TreeItem[] = [], expanded: bool = false): TreeItem {
    return new TreeItem(Json.object().set("id", Json.of(id)).set("label", listOf(label)).set("children", listOf(children)).set("expanded", Json.of(expanded)));
  }
}

/** Items below items. */
export function tree(id: string, items: TreeItem[]): ViewNode {
  return ViewNode.of("tree").named(id).having("nodes", listOf(items));
}

/** A line of `keyValue`. */
export class KeyValueItem extends Value {
  static of(key: string, value: Span[]): KeyValueItem {
    return new KeyValueItem(Json.object().set("key", Json.of(key)).set("value", listOf(value)));
  }
}

/** Names and what they are, one pair a line. */
export function keyValue(items: KeyValueItem[]): ViewNode {
  return ViewNode.of("keyValue").having("items", listOf(items));
}

/** Samples of a chart, oldest first; NaN is a gap. */
export class ChartSeries extends Value {
  static of(values: f64[], style: string = TextStyle.accent, label: string = ""): ChartSeries {
    const samples = Json.list();
    for (let i = 0; i < values.length; i++) samples.push(Json.of(values[i]));
    const series = new ChartSeries(Json.object().set("values", samples).set("style", Json.of(style)));
    if (label != "") series.json.set("label", Json.of(label));
    return series;
  }
}

/** A drawing of numbers: `kind` is `sparkline`, `bar`, `line`, `gauge` or `heat`. */
export function chart(kind: string, title: string, series: ChartSeries[]): ViewNode {
  return ViewNode.of("chart").having("kind", Json.of(kind)).having("title", Json.of(title)).having("series", listOf(series));
}

/** How much of something is done, from 0 to 1. */
export function progress(value: f64, label: string): ViewNode {
  return ViewNode.of("progress").having("value", Json.of(value)).having("label", Json.of(label));
}

/** A field of a form, of a prompt, or of an action's inputs: `kind` is `text`, `number`, `select`, `toggle` or `secret`. */
export class FormField extends Value {
  static of(name: string, label: string, kind: string): FormField {
    return new FormField(Json.object().set("name", Json.of(name)).set("label", Json.of(label)).set("kind", Json.of(kind)));
  }

  /** What it holds at first. */
  holding(value: Json): FormField {
    this.json.set("value", value);
    return this;
  }

  /** One more choice of a `select`. */
  offering(value: string, label: string): FormField {
    if (!this.json.has("options")) this.json.set("options", Json.list());
    this.json.under("options").push(Json.object().set("value", Json.of(value)).set("label", Json.of(label)));
    return this;
  }

  /** Anything else that a field may have, such as `required` and `help`. */
  having(name: string, value: Json): FormField {
    this.json.set(name, value);
    return this;
  }
}

/** Fields to fill in; what is submitted arrives as an input `submit`. */
export function form(id: string, fields: FormField[], submit: string): ViewNode {
  return ViewNode.of("form").named(id).having("fields", listOf(fields)).having("submit", Json.of(submit));
}

/** Text shown as it is, without wrapping, coloured as `yaml`, `json` or `log`. */
export function code(content: string, language: string): ViewNode {
  return ViewNode.of("code").having("content", Json.of(content)).having("language", Json.of(language));
}

/** CommonMark text, without HTML and images. */
export function markdown(content: string): ViewNode {
  return ViewNode.of("markdown").having("content", Json.of(content));
}

/** A short label that stands out. */
export function badge(label: string, style: string): ViewNode {
  return ViewNode.of("badge").having("label", Json.of(label)).having("style", Json.of(style));
}

/** Something to press; arrives as an input `press`. */
export function button(id: string, label: string): ViewNode {
  return ViewNode.of("button").named(id).having("label", Json.of(label));
}

/** Says that something is going on that has no measure. */
export function spinner(label: string): ViewNode {
  return ViewNode.of("spinner").having("label", Json.of(label));
}

/** Says that there is nothing to show, and why. */
export function empty(message: string): ViewNode {
  return ViewNode.of("empty").having("message", Json.of(message));
}

/** A failure that the plugin reports itself. */
export function failure(message: string, hint: string = ""): ViewNode {
  const node = ViewNode.of("error").having("message", Json.of(message));
  return hint == "" ? node : node.having("hint", Json.of(hint));
}

/** Puts a node in the place of the one with an id; for `UiUpdate`. */
export class ViewPatch extends Value {
  static of(id: string, node: ViewNode): ViewPatch {
    return new ViewPatch(Json.object().set("id", Json.of(id)).set("node", node.json));
  }
}
