import type { Span, TreeItem, ViewNode } from "@lazyoc/plugin";
import type { View } from "@lazyoc/plugin/testing";

/** What a tab inside of a view holds, as text: the host shows one at a time. */
export async function inside(view: View, id: string): Promise<string> {
  const content = await view.content();
  const page = content.type === "tabs" ? content.children.find((one) => one.id === id) : undefined;
  if (!page) throw new Error(`there is no tab ${id}, but ${JSON.stringify(content).slice(0, 200)}`);
  return linesOf(page.content).join("\n");
}

function linesOf(node: ViewNode): string[] {
  switch (node.type) {
    case "stack":
    case "columns":
      return node.children.flatMap(linesOf);
    case "text":
      return [words(node.spans)];
    case "table":
      return [node.header.map(({ title }) => title).join(" | "), ...node.rows.map(({ cells }) => cells.map(({ text }) => text).join(" | "))];
    case "tree":
      return node.nodes.flatMap((item) => itemLines(item, ""));
    case "keyValue":
      return node.items.map(({ key, value }) => `${key}: ${words(value)}`);
    case "form":
      return [...node.fields.map(({ label, kind, value, required, options = [], help }) => `(${label}${required ? " *" : ""}) ${kind} ${JSON.stringify(value ?? null)}${options.length > 0 ? ` of ${options.map((one) => one.label).join("/")}` : ""}  ${help ?? ""}`), `[${node.submit}]`];
    case "button":
      return [`[${node.label}]`];
    case "empty":
    case "error":
      return [node.message];
    default:
      return [node.type];
  }
}

function itemLines({ label, children = [] }: TreeItem, indent: string): string[] {
  return [indent + words(label), ...children.flatMap((child) => itemLines(child, `${indent}  `))];
}

function words(spans: Span[]): string {
  return spans.map(({ text }) => text).join("");
}
