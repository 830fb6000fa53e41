/** A difference as a list of lines: changed lines with some around them; the lines between are folded until they are opened. */

import { Json, Span, span, TextStyle, TreeItem } from "@lazyoc/assemblyscript/assembly";
import { Difference, differenceOf, Edit, Numbers } from "./diff";
import { Line, linesOf } from "./yaml";

/** Unchanged lines shown around a change. */
const CONTEXT = 3;

/** Lines of one object that are compared. */
export const MAX_LINES = 20_000;

/** Lines that are shown; a view has at most 5,000 nodes. */
const MAX_SHOWN = 3_000;

/** Characters of all lines shown together; a view has at most 1 MiB. */
const MAX_SHOWN_CHARS = 400_000;

/** Characters of a line that are shown. */
const MAX_LINE_CHARS = 400;

export class Compared {
  readonly removed: i32;
  readonly added: i32;

  constructor(
    private readonly before: Line[],
    private readonly after: Line[],
    readonly difference: Difference,
  ) {
    let removed = 0;
    let added = 0;
    for (let i = 0; i < difference.steps.length; i++) {
      if (difference.steps[i].edit == Edit.Remove) removed++;
      else if (difference.steps[i].edit == Edit.Add) added++;
    }
    this.removed = removed;
    this.added = added;
  }

  /** The items; `unfolded` holds which of the stretches between hunks are open, by the step they begin with. */
  items(unfolded: Set<i32>): TreeItem[] {
    const steps = this.difference.steps;
    const items: TreeItem[] = [];
    let chars = 0;
    let i = 0;
    while (i < steps.length) {
      if (items.length >= MAX_SHOWN || chars >= MAX_SHOWN_CHARS) {
        items.push(TreeItem.of("more", [span(`⋯ ${steps.length - i} lines more`, TextStyle.warn)]));
        break;
      }
      const hidden = this.hiddenFrom(i);
      if (hidden > 1 && !unfolded.has(i)) {
        items.push(TreeItem.of(`fold-${i}`, [span(`       ⋯ ${hidden} unchanged lines`, TextStyle.muted), span(this.placeBehind(i + hidden), TextStyle.accent)]));
        i += hidden;
        continue;
      }
      const end = i + max(hidden, 1);
      for (; i < end; i++) {
        const line = steps[i].edit == Edit.Remove ? this.before[steps[i].before] : this.after[steps[i].after];
        const shown = this.label(i, line);
        chars += shown[1].json.text("text").length;
        items.push(TreeItem.of(`line-${i}`, shown));
      }
    }
    return items;
  }

  /** How many lines from a step on lie farther than the context from any change; 0 when that step does not begin such a stretch. */
  private hiddenFrom(start: i32): i32 {
    const steps = this.difference.steps;
    for (let i = max(0, start - CONTEXT); i < start; i++) if (steps[i].edit != Edit.Keep) return 0;
    let end = start;
    while (end < steps.length && steps[end].edit == Edit.Keep) end++;
    return max(0, end == steps.length ? end - start : end - start - CONTEXT);
  }

  /** In what of the object the first change behind a step is. */
  private placeBehind(step: i32): string {
    const steps = this.difference.steps;
    while (step < steps.length && steps[step].edit == Edit.Keep) step++;
    if (step == steps.length) return "";
    const within = steps[step].edit == Edit.Remove ? this.before[steps[step].before].within : this.after[steps[step].after].within;
    return within == "" ? "" : `   ${within}`;
  }

  private label(index: i32, line: Line): Span[] {
    const step = this.difference.steps[index];
    const number = (step.edit == Edit.Remove ? step.before : step.after) + 1;
    const text = line.text.length <= MAX_LINE_CHARS ? line.text : `${cut(line.text)}… (${line.text.length} characters, sum ${sumOf(line.text)})`;
    const sign = step.edit == Edit.Keep ? "  " : step.edit == Edit.Remove ? "- " : "+ ";
    const style = step.edit == Edit.Keep ? TextStyle.plain : step.edit == Edit.Remove ? TextStyle.error : TextStyle.ok;
    return [span(number.toString().padStart(5) + "  ", TextStyle.muted), span(sign + text, style)];
  }
}

/** Compares two objects; null when one has too many lines. */
export function compare(before: Json, after: Json): Compared | null {
  const a = linesOf(before);
  const b = linesOf(after);
  if (a.length > MAX_LINES || b.length > MAX_LINES) return null;
  const numbers = new Numbers();
  return new Compared(a, b, differenceOf(numbers.of(textsOf(a)), numbers.of(textsOf(b))));
}

function textsOf(lines: Line[]): string[] {
  const texts: string[] = [];
  for (let i = 0; i < lines.length; i++) texts.push(lines[i].text);
  return texts;
}

/** The beginning of a long line, without half a character at its end. */
function cut(text: string): string {
  const last = text.charCodeAt(MAX_LINE_CHARS - 1);
  return text.substring(0, (last & 0xfc00) == 0xd800 ? MAX_LINE_CHARS - 1 : MAX_LINE_CHARS);
}

/** Tells lines apart that begin alike (FNV-1a). */
function sumOf(text: string): string {
  let sum: u32 = 2166136261;
  for (let i = 0; i < text.length; i++) sum = (sum ^ <u32>text.charCodeAt(i)) * 16777619;
  return sum.toString(16).padStart(8, "0");
}
