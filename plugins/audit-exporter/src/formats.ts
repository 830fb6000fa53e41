import type { AuditEntry } from "@lazyoc/plugin";

/** A line of the audit with its number, which no other line of this stream has. */
export type Numbered = { seq: number; entry: AuditEntry };

export type Target = "file" | "http" | "loki" | "syslog";

/** What is sent for a batch. */
export interface Message {
  /** Behind the address that is set. */
  path: string;
  contentType: string;
  body: string;
}

export function messageOf(target: Exclude<Target, "file">, stream: string, lines: readonly Numbered[]): Message {
  switch (target) {
    case "http":
      return { path: "", contentType: "application/x-ndjson", body: ndjson(stream, lines) };
    case "loki":
      return { path: "/loki/api/v1/push", contentType: "application/json", body: loki(stream, lines) };
    case "syslog":
      return { path: "", contentType: "text/plain; charset=utf-8", body: lines.map((line) => `${syslog(stream, line)}\n`).join("") };
  }
}

/** An object a line. */
export function ndjson(stream: string, lines: readonly Numbered[]): string {
  return lines.map(({ seq, entry }) => `${JSON.stringify({ stream, seq, ...entry })}\n`).join("");
}

/** Loki's push API. A line that comes again has the same time and text, which Loki takes for the one that it has. */
function loki(stream: string, lines: readonly Numbered[]): string {
  type Stream = { stream: Record<string, string>; values: [string, string][] };
  const streams = new Map<string, Stream>();
  for (const { seq, entry } of lines) {
    const labels = { job: "lazyoc-audit", plugin: entry.plugin, decision: entry.decision };
    const key = JSON.stringify(labels);
    const found: Stream = streams.get(key) ?? { stream: labels, values: [] };
    // Lines of one millisecond keep their order by their number.
    found.values.push([`${Date.parse(entry.time)}${String(seq % 1_000_000).padStart(6, "0")}`, JSON.stringify({ stream, seq, ...entry })]);
    streams.set(key, found);
  }
  return JSON.stringify({ streams: [...streams.values()] });
}

/** Severities of RFC 5424 within the facility of audits, 13. */
const facility = 13;
const severityOf: Record<string, number> = { refused: 4, failed: 4, fault: 3, bug: 2, transition: 5 };
const informational = 6;

/** Number of the structured data's name; 32473 is the one for examples, RFC 5612. */
const structure = "audit@32473";

/** One message of RFC 5424. */
export function syslog(stream: string, { seq, entry }: Numbered): string {
  const priority = facility * 8 + (severityOf[entry.decision] ?? informational);
  const data = Object.entries({ stream, seq: String(seq), plugin: entry.plugin, version: entry.version, call: entry.call, decision: entry.decision, ...(entry.count !== undefined && { count: String(entry.count) }) })
    .map(([name, value]) => `${name}="${value.replace(/["\\\]]/g, (c) => `\\${c}`)}"`)
    .join(" ");
  // A message ends with its line.
  const text = [entry.plugin, entry.call, entry.decision, entry.target, entry.reason ?? ""].filter((word) => word !== "").join(" ").replace(/[\r\n]+/g, " ");
  // Six digits of a second are the most that RFC 5424 takes.
  const time = entry.time.replace(/(\.\d{6})\d+/, "$1");
  return `<${priority}>1 ${time} - lazyoc - ${entry.decision.toUpperCase()} [${structure} ${data}] ${text}`;
}

/** Bytes of a text as UTF-8. */
export function utf8Length(text: string): number {
  let length = 0;
  for (const c of text) {
    const point = c.codePointAt(0)!;
    length += point > 0xffff ? 4 : point > 0x7ff ? 3 : point > 0x7f ? 2 : 1;
  }
  return length;
}
