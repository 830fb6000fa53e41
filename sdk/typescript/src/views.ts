/** The view tree: what a plugin returns instead of bytes for the terminal. The host draws it. */

/** Meaning of a piece of text; the user's theme decides how it looks. */
export type TextStyle = "plain" | "muted" | "strong" | "accent" | "ok" | "warn" | "error" | "info";

/** A run of text in one style. */
export interface Span {
  text: string;
  style?: TextStyle;
}

interface Node {
  /** Names the node for patches and events; unique in its view. */
  id?: string;
}

export type ViewNode =
  | (Node & { type: "text"; spans: Span[] })
  | (Node & { type: "stack"; children: ViewNode[]; gap?: number })
  | (Node & { type: "columns"; children: ViewNode[]; weights?: number[] })
  | (Node & { type: "table"; header: TableColumn[]; rows: TableRow[] })
  | (Node & { type: "keyValue"; items: { key: string; value: Span[] }[] })
  | (Node & { type: "list"; items: Span[][]; ordered?: boolean })
  | (Node & Chart)
  | (Node & { type: "progress"; value: number; label?: string })
  | (Node & { type: "badge"; label: string; style?: TextStyle })
  | (Node & { type: "code"; content: string; language?: string })
  | (Node & { type: "empty"; message: string })
  | (Node & { type: "error"; message: string; hint?: string });

export interface TableColumn {
  title: string;
  align?: "start" | "end";
}

/** One cell a column. */
export interface TableRow {
  id: string;
  cells: Span[];
}

export interface Chart {
  type: "chart";
  kind: "sparkline" | "bar" | "line" | "gauge";
  /** Equally spaced samples, oldest first; null is a gap. */
  series: { label?: string; values: (number | null)[]; style?: TextStyle }[];
  title?: string;
  unit?: string;
  min?: number;
  max?: number;
  height?: number;
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

/** A table of rows under typed columns; the host shows only what is visible. */
export function table(header: (string | TableColumn)[], rows: TableRow[]): ViewNode {
  return { type: "table", header: header.map((h) => (typeof h === "string" ? { title: h } : h)), rows };
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
