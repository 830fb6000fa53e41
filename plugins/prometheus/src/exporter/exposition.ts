/** The text exposition format of Prometheus, version 0.0.4. */

export const contentType = "text/plain; version=0.0.4; charset=utf-8";

export type Labels = Readonly<Record<string, string>>;

export interface Sample {
  labels: Labels;
  value: number;
}

export interface Family {
  name: string;
  help: string;
  type: "gauge" | "counter";
  samples: Iterable<Sample>;
}

/** What one answer may hold; the host sends no more than 1 MiB. */
export interface Bounds {
  series: number;
  bytes: number;
}

/** Series of one family that were left out. */
export type Dropped = Map<string, number>;

/**
 * Writes families in their order. What does not fit any more is left out and counted, series by series: half a line would
 * make a scraper refuse all of it.
 */
export function expose(families: Iterable<Family>, bounds: Bounds): { text: string; series: number; dropped: Dropped } {
  const lines: string[] = [];
  const dropped: Dropped = new Map();
  let series = 0;
  let bytes = 0;
  for (const { name, help, type, samples } of families) {
    const head = `# HELP ${name} ${escapeHelp(help)}\n# TYPE ${name} ${type}\n`;
    let begun = false;
    for (const { labels, value } of samples) {
      const line = `${name}${labelsText(labels)} ${numberText(value)}\n`;
      const size = utf8Length(line) + (begun ? 0 : head.length);
      if (series >= bounds.series || bytes + size > bounds.bytes) {
        dropped.set(name, (dropped.get(name) ?? 0) + 1);
        continue;
      }
      if (!begun) lines.push(head);
      begun = true;
      lines.push(line);
      series++;
      bytes += size;
    }
  }
  return { text: lines.join(""), series, dropped };
}

function labelsText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeValue(value)}"`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

/** A label's value: backslash, quote and line feed are the three that would end it. */
export function escapeValue(value: string): string {
  return value.replace(/[\\"\n]/g, (c) => (c === "\n" ? "\\n" : `\\${c}`));
}

function escapeHelp(help: string): string {
  return help.replace(/[\\\n]/g, (c) => (c === "\n" ? "\\n" : "\\\\"));
}

function numberText(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "+Inf" : "-Inf";
  return String(value);
}

function utf8Length(text: string): number {
  let length = text.length;
  for (const c of text) {
    const point = c.codePointAt(0)!;
    if (point > 0xffff) length += 2;
    else if (point > 0x7ff) length += 2;
    else if (point > 0x7f) length += 1;
  }
  return length;
}
