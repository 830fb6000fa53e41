/** Objects as lines of YAML, with members in the order of their names: only what they hold makes a difference. */

import { Json, JsonKind, quoted } from "@lazyoc/assemblyscript/assembly";

/** A line, and in what of the object it stands. */
export class Line {
  constructor(
    readonly text: string,
    /** What it is a part of, such as `spec.template.spec.containers[0]`. */
    readonly within: string,
  ) {}
}

/** The lines of an object. */
export function linesOf(value: Json): Line[] {
  const lines: Line[] = [];
  if (value.kind == JsonKind.Object && value.length > 0) members(value, "", "", "", lines);
  else if (value.kind == JsonKind.List && value.length > 0) items(value, "", "", lines);
  else lines.push(new Line(scalar(value), ""));
  return lines;
}

/** Members of an object; the first of an item of a list stands behind its hyphen. */
function members(object: Json, first: string, indent: string, path: string, lines: Line[]): void {
  const names = object.names.slice(0).sort();
  for (let i = 0; i < names.length; i++) {
    const name = names[i];
    const value = object.any(name);
    const start = (i == 0 ? first : indent) + key(name) + ":";
    const below = !isName(name) ? `${path}[${quoted(name)}]` : path == "" ? name : `${path}.${name}`;
    if (value.kind == JsonKind.Object && value.length > 0) {
      lines.push(new Line(start, path));
      members(value, indent + "  ", indent + "  ", below, lines);
    } else if (value.kind == JsonKind.List && value.length > 0) {
      lines.push(new Line(start, path));
      items(value, indent, below, lines);
    } else if (value.kind == JsonKind.Text && value.asText.includes("\n") && isPrintable(value.asText)) {
      lines.push(new Line(start + header(value.asText), path));
      block(value.asText, indent + "  ", below, lines);
    } else lines.push(new Line(`${start} ${scalar(value)}`, path));
  }
}

function items(list: Json, indent: string, path: string, lines: Line[]): void {
  for (let i = 0; i < list.length; i++) {
    const item = list.items[i];
    const below = `${path}[${i}]`;
    if (item.kind == JsonKind.Object && item.length > 0) members(item, indent + "- ", indent + "  ", below, lines);
    else if (item.kind == JsonKind.List && item.length > 0) {
      lines.push(new Line(indent + "-", path));
      items(item, indent + "  ", below, lines);
    } else lines.push(new Line(`${indent}- ${scalar(item)}`, path));
  }
}

/** How a text of several lines begins: `|`, with what its indent and its end do not say by themselves. */
function header(text: string): string {
  const indent = text.startsWith(" ") || text.startsWith("\n") ? "2" : "";
  return ` |${indent}${!text.endsWith("\n") ? "-" : text.endsWith("\n\n") ? "+" : ""}`;
}

/** The lines of a text as they are. */
function block(text: string, indent: string, path: string, lines: Line[]): void {
  const parts = (text.endsWith("\n") ? text.substring(0, text.length - 1) : text).split("\n");
  for (let i = 0; i < parts.length; i++) lines.push(new Line(parts[i] == "" ? "" : indent + parts[i], path));
}

function scalar(value: Json): string {
  switch (value.kind) {
    case JsonKind.Text:
      return isPlain(value.asText) ? value.asText : quoted(value.asText);
    case JsonKind.List:
      return "[]";
    case JsonKind.Object:
      return "{}";
    default:
      return value.toString();
  }
}

function key(name: string): string {
  return isPlain(name) ? name : quoted(name);
}

/** Whether YAML reads a text without quotes as that text. */
function isPlain(text: string): bool {
  if (text == "" || !isPrintable(text) || text.includes("\n")) return false;
  const first = text.charCodeAt(0);
  const last = text.charCodeAt(text.length - 1);
  // Letters, / and _ begin nothing else; numbers do, and so does ~.
  if (!isLetter(first) && first != 0x2f && first != 0x5f) return false;
  if (last == 0x20 || last == 0x3a || text.includes(": ") || text.includes(" #")) return false;
  const small = text.length > 5 ? "" : text.toLowerCase();
  return small != "true" && small != "false" && small != "null" && small != "yes" && small != "no" && small != "on" && small != "off" && small != "y" && small != "n";
}

/** Whether a member's name can stand in a path as it is. */
function isName(name: string): bool {
  for (let i = 0; i < name.length; i++) {
    const code = name.charCodeAt(i);
    if (!isLetter(code) && (code < 0x30 || code > 0x39) && code != 0x2d && code != 0x5f) return false;
  }
  return name != "";
}

function isLetter(code: i32): bool {
  return (code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a;
}

function isPrintable(text: string): bool {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if ((code < 0x20 && code != 0x0a) || (code >= 0x7f && code < 0xa0)) return false;
  }
  return true;
}
