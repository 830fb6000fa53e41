/** The view tree: what a plugin returns instead of bytes for the terminal. The host draws it. */

/** Meaning of a piece of text; the user's theme decides how it looks. */
export type TextStyle = "plain" | "muted" | "strong" | "accent" | "ok" | "warn" | "error" | "info";

/** A run of text in one style. */
export interface Span {
  text: string;
  style?: TextStyle;
}

/** How much something can break; what is destructive is confirmed by the user. */
export type DangerLevel = "none" | "caution" | "destructive";

interface Node {
  /** Names the node for patches and input; unique in its view. What the user operates needs one. */
  id?: string;
}

export type ViewNode =
  | (Node & { type: "text"; spans: Span[] })
  | (Node & { type: "stack"; children: ViewNode[]; gap?: number })
  | (Node & { type: "columns"; children: ViewNode[]; weights?: number[] })
  | (Node & { type: "tabs"; children: TabPage[]; selected?: number })
  | (Node & Table)
  | (Node & { type: "tree"; nodes: TreeItem[] })
  | (Node & { type: "keyValue"; items: { key: string; value: Span[] }[] })
  | (Node & { type: "list"; items: Span[][]; ordered?: boolean })
  | (Node & Chart)
  | (Node & { type: "progress"; value: number; label?: string })
  | (Node & Form)
  | (Node & { type: "markdown"; content: string })
  | (Node & { type: "badge"; label: string; style?: TextStyle })
  | (Node & { type: "button"; label: string; style?: TextStyle; danger?: DangerLevel })
  | (Node & { type: "spinner"; label?: string })
  | (Node & { type: "code"; content: string; language?: string })
  | (Node & { type: "empty"; message: string })
  | (Node & { type: "error"; message: string; hint?: string });

/** A child of `tabs`; the host switches between them by itself. */
export interface TabPage {
  title: string;
  content: ViewNode;
  /** Names the page over new content; its title when absent. */
  id?: string;
}

export interface Table {
  type: "table";
  header: TableColumn[];
  rows: TableRow[];
  /** How the rows are sorted until the user sorts them. */
  sort?: { column: number; descending?: boolean };
  /** What can be done with a row; arrives at `onInput` as `rowAction`. */
  rowActions?: { id: string; title: string; key?: string; danger?: DangerLevel }[];
  /** Whether rows can be chosen, and opened (`activate`); true when there are row actions. */
  selectable?: boolean;
}

export interface TableColumn {
  title: string;
  align?: "start" | "end";
  /** How cells are sorted and drawn; the text of an `age` is a time (RFC 3339). */
  type?: "text" | "number" | "quantity" | "age" | "status";
}

/** One cell a column. */
export interface TableRow {
  id: string;
  cells: Span[];
}

/** An item of a tree; the host folds and unfolds. */
export interface TreeItem {
  /** Unique in its tree. */
  id: string;
  label: Span[];
  children?: TreeItem[];
  expanded?: boolean;
}

/** A field of a form, of a prompt, or of an action's or command's inputs. */
export interface FormField {
  name: string;
  label: string;
  kind: "text" | "number" | "select" | "toggle" | "secret";
  /** What it holds at first. */
  value?: string | number | boolean;
  /** What a `select` offers. */
  options?: { value: string; label: string }[];
  required?: boolean;
  /** Least number, or least length of a text. */
  min?: number;
  /** Greatest number, or greatest length of a text. */
  max?: number;
  /** A regular expression that the whole text must match; without lookaround and backreferences. */
  pattern?: string;
  help?: string;
}

/** What the user filled in, by field name. Fields left empty are absent. */
export type FormValues = Record<string, string | number | boolean>;

export interface Form {
  type: "form";
  fields: FormField[];
  /** Text of the button that submits. */
  submit: string;
  danger?: DangerLevel;
}

export interface Chart {
  type: "chart";
  kind: "sparkline" | "bar" | "line" | "gauge" | "heat";
  /** Equally spaced samples, oldest first; null is a gap. */
  series: { label?: string; values: (number | null)[]; style?: TextStyle }[];
  title?: string;
  unit?: string;
  min?: number;
  max?: number;
  height?: number;
  /** Values from which on samples take another style. */
  thresholds?: { value: number; style: TextStyle }[];
}

/** Puts a node in the place of the one with an id; it keeps the id when it brings none. */
export interface ViewPatch {
  id: string;
  node: ViewNode;
}

/** A span; `span("3", "error")`. */
export function span(text: string | number, style: TextStyle = "plain"): Span {
  return { text: String(text), style };
}

/** A paragraph. */
export function text(...spans: (Span | string)[]): ViewNode {
  return { type: "text", spans: spans.map((s) => (typeof s === "string" ? span(s) : s)) };
}

/** Children from top to bottom. */
export function stack(children: ViewNode[], gap = 0): ViewNode {
  return { type: "stack", children, gap };
}

/** A table of rows under typed columns; the host shows only what is visible. With `rowActions` it needs an `id`. */
export function table(header: (string | TableColumn)[], rows: TableRow[], options: Omit<Table, "type" | "header" | "rows"> & Node = {}): ViewNode {
  return { type: "table", header: header.map((h) => (typeof h === "string" ? { title: h } : h)), rows, ...options };
}

/** Children one at a time, by title. */
export function tabs(children: TabPage[] | Record<string, ViewNode>, options: Node & { selected?: number } = {}): ViewNode {
  const pages = Array.isArray(children) ? children : Object.entries(children).map(([title, content]) => ({ title, content }));
  return { type: "tabs", children: pages, ...options };
}

/** Items below items; an opened one arrives at `onInput` as `activate`. */
export function tree(id: string, nodes: TreeItem[]): ViewNode {
  return { type: "tree", id, nodes };
}

/** Fields to fill in; they arrive at `onInput` as `submit`, after the host has checked them. */
export function form(id: string, fields: FormField[], submit = "Submit", options: { danger?: DangerLevel } = {}): ViewNode {
  return { type: "form", id, fields, submit, ...options };
}

/** CommonMark text, without HTML and images. */
export function markdown(content: string): ViewNode {
  return { type: "markdown", content };
}

/** Something to press; arrives at `onInput` as `press`. */
export function button(id: string, label: string, options: { style?: TextStyle; danger?: DangerLevel } = {}): ViewNode {
  return { type: "button", id, label, ...options };
}

/** Says that something is going on that has no measure. */
export function spinner(label?: string): ViewNode {
  return { type: "spinner", ...(label !== undefined && { label }) };
}

/** A sparkline of equally spaced samples, oldest first. */
export function sparkline(title: string, values: (number | null)[], options: { unit?: string; style?: TextStyle } = {}): ViewNode {
  const { style = "accent", ...rest } = options;
  return { type: "chart", kind: "sparkline", title, series: [{ values, style }], ...rest };
}

/** Says that there is nothing to show, and why. */
export function empty(message: string): ViewNode {
  return { type: "empty", message };
}
