/**
 * JSX for views, in files that end in `.tsx`: `<stack gap={1}><text>Up <span style="ok">since noon</span></text></stack>` gives
 * what the builders of views give. A tag is a type of node and its attributes are the members of the node; where a node has
 * children or one text, that stands between its tags. A function of attributes is a tag, too. `tsconfig.json` of this package
 * has what the compiler and esbuild need.
 */

import type { Span, TabPage, TextStyle, ViewNode } from "./views.js";

/** Words between two tags; what is null or a boolean is left out. */
export type Words = string | number | boolean | null | undefined | readonly Words[];

/** Views and words between two tags; what is null or a boolean is left out. */
export type Child = ViewNode | string | number | boolean | null | undefined | readonly Child[];

/** The members of a node but those that stand between its tags. */
type Attributes<T extends ViewNode["type"], Between extends string = never> = Omit<Extract<ViewNode, { type: T }>, "type" | Between>;

export namespace JSX {
  export type Element = ViewNode;
  // A component takes whatever attributes it declares.
  export type ElementType = keyof IntrinsicElements | ((attributes: never) => ViewNode);
  export interface ElementChildrenAttribute {
    children: unknown;
  }
  export interface IntrinsicElements {
    /** A paragraph of words and of `span`s. */
    text: Attributes<"text", "spans"> & { children?: Child };
    /** Words in a style, within a `text`; a paragraph where it stands alone. */
    span: { style?: TextStyle; children?: Words };
    stack: Attributes<"stack", "children"> & { children?: Child };
    columns: Attributes<"columns", "children"> & { children?: Child };
    tabs: Attributes<"tabs", "children"> & { pages: TabPage[] };
    table: Attributes<"table">;
    tree: Attributes<"tree">;
    keyValue: Attributes<"keyValue">;
    list: Attributes<"list">;
    chart: Attributes<"chart">;
    progress: Attributes<"progress">;
    form: Attributes<"form">;
    markdown: Attributes<"markdown", "content"> & { children: Words };
    code: Attributes<"code", "content"> & { children: Words };
    badge: Attributes<"badge", "label"> & { children: Words };
    button: Attributes<"button", "label"> & { children: Words };
    spinner: Attributes<"spinner", "label"> & { children?: Words };
    empty: Attributes<"empty", "message"> & { children: Words };
    error: Attributes<"error", "message"> & { children: Words };
  }
}

/** Which member of a node its words are. */
const wordsOf = { markdown: "content", code: "content", badge: "label", button: "label", spinner: "label", empty: "message", error: "message" } as const;

/** Children from top to bottom: `<>…</>`. */
export function Fragment({ children }: { children?: Child }): ViewNode {
  return { type: "stack", children: nodes(children) };
}

/** What the compiler makes of a tag. */
export function jsx(tag: string | ((attributes: never) => ViewNode), attributes: { children?: Child; style?: TextStyle; pages?: TabPage[] }): ViewNode {
  if (typeof tag === "function") return tag(attributes as never);
  const { children, ...members } = attributes;
  return { ...members, ...between(tag, children, attributes), type: tag === "span" ? "text" : tag } as ViewNode;
}

export { jsx as jsxs };

/** The members that are written between the tags. */
function between(tag: string, children: Child, { style, pages }: { style?: TextStyle; pages?: TabPage[] }): Record<string, unknown> {
  switch (tag) {
    case "text":
      return { spans: spans(children) };
    case "span":
      return { spans: spans(children, style), style: undefined };
    case "stack":
    case "columns":
      return { children: nodes(children) };
    case "tabs":
      return { children: pages, pages: undefined };
    default:
      return tag in wordsOf && isSomething(children) ? { [wordsOf[tag as keyof typeof wordsOf]]: spans(children).map(({ text }) => text).join("") } : {};
  }
}

function spans(child: Child, style?: TextStyle): Span[] {
  if (!isSomething(child)) return [];
  if (typeof child === "string" || typeof child === "number") return [{ text: String(child), ...(style && { style }) }];
  if (isList(child)) return child.flatMap((one) => spans(one, style));
  if (child.type === "text") return child.spans;
  throw new TypeError(`a \`${child.type}\` cannot stand among words`);
}

function nodes(child: Child): ViewNode[] {
  if (!isSomething(child)) return [];
  if (typeof child === "string" || typeof child === "number") return [{ type: "text", spans: spans(child) }];
  return isList(child) ? child.flatMap(nodes) : [child];
}

function isSomething(child: Child): child is Exclude<Child, boolean | null | undefined> {
  return child !== null && child !== undefined && typeof child !== "boolean";
}

function isList(child: ViewNode | readonly Child[]): child is readonly Child[] {
  return Array.isArray(child);
}
