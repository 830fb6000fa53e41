import type { AuditEntry, Host } from "@lazyoc/plugin";
import type { Numbered } from "./formats.js";

/** How far it is. Changed in one step with the lines that it is about, so that neither can be ahead of the other. */
export type Checkpoint = {
  /** Names the numbering; made up once. */
  stream: string;
  /** The number of the next line. */
  next: number;
  /** How far the audit was read, and the line there, by which another process is told: its audit begins anew. */
  cursor: number;
  last: string;
  /** The batch that is being sent: it is sent again with the same lines, whatever has come meanwhile. */
  sending: { first: number; last: number } | null;
  /** Bytes of the file that are ours. */
  fileBytes: number;
  /** Lines that have arrived. */
  sent: number;
};

const checkpointKey = "checkpoint";
const prefix = "line/";

/** Lines in one read of the audit; with the checkpoint they fit one change of the store. */
const pageLines = 200;

/** Reads of the audit in one round. */
const pagesAtOnce = 10;

/** Lines that wait at most. Above it the audit is left unread, which keeps its latest lines itself. */
export const maxWaiting = 20_000;

const own = "lazyoc.audit-exporter";

/** Decisions of acts that were permitted: its own are left out, or each batch would make the next one. */
const permitted = new Set(["intent", "done", "failed", "counted"]);

/** The lines that have not arrived yet, in the plugin's store. */
export class Outbox {
  #state: Checkpoint | null = null;

  async state(host: Host): Promise<Checkpoint> {
    if (this.#state) return this.#state;
    const stored = await host.storage.get<Checkpoint>(checkpointKey);
    const state = stored ?? { stream: (await host.crypto.hash("sha-256", await host.crypto.random(16))).slice(0, 16), next: 1, cursor: 0, last: "", sending: null, fileBytes: -1, sent: 0 };
    if (state.cursor > 0) {
      const { entries } = await host.audit.read({ after: state.cursor - 1, limit: 1 });
      if (entries.length === 0 || mark(entries[0]!) !== state.last) Object.assign(state, { cursor: 0, last: "" });
    }
    return (this.#state = state);
  }

  /** Takes over what the audit has. A line is in the store before it counts as read. */
  async collect(host: Host): Promise<void> {
    const state = await this.state(host);
    for (let page = 0; page < pagesAtOnce && (await this.waiting(host)) < maxWaiting; page++) {
      const { entries, cursor, lost } = await host.audit.read({ after: state.cursor, limit: pageLines });
      if (entries.length === 0) return;
      const kept = entries.filter(({ plugin, decision }) => plugin !== own || !permitted.has(decision));
      const told: AuditEntry[] = lost === 0 ? kept : [gap(lost, entries[0]!), ...kept];
      const next: Checkpoint = { ...state, next: state.next + told.length, cursor, last: mark(entries.at(-1)!) };
      await host.storage.batch({
        set: [...told.map((entry, i) => ({ key: keyOf(state.next + i), value: entry as never })), { key: checkpointKey, value: next }],
      });
      Object.assign(state, next);
      if (entries.length < pageLines) return;
    }
  }

  /** How many lines wait. */
  async waiting(host: Host): Promise<number> {
    const state = await this.state(host);
    return state.next - 1 - state.sent;
  }

  /** The next batch, the same one until it has arrived. Empty when nothing waits. */
  async batch(host: Host, limit: number): Promise<Numbered[]> {
    const state = await this.state(host);
    const first = state.sending?.first ?? state.sent + 1;
    const count = state.sending ? state.sending.last - first + 1 : Math.min(limit, state.next - first);
    if (count <= 0) return [];
    const lines: Numbered[] = [];
    // What is too much for one answer comes in several.
    while (lines.length < count) {
      const { items } = await host.storage.list<never>({ prefix, after: keyOf(first + lines.length - 1), limit: count - lines.length, values: true });
      const there = items.filter(({ value }) => value !== undefined);
      if (there.length === 0) break;
      lines.push(...there.map(({ key, value }) => ({ seq: Number(key.slice(prefix.length)), entry: value as unknown as AuditEntry })));
    }
    if (!state.sending && lines.length > 0) await this.#change(host, { sending: { first, last: lines.at(-1)!.seq } });
    return lines;
  }

  /** The batch is too large for its receiver: the next try has half of it. */
  async halve(host: Host): Promise<void> {
    const { sending } = await this.state(host);
    if (sending) await this.#change(host, { sending: { first: sending.first, last: sending.first + Math.floor((sending.last - sending.first) / 2) } });
  }

  /** Where the file ends, before it is written to for the first time. */
  async beginFile(host: Host, bytes: number): Promise<void> {
    await this.#change(host, { fileBytes: bytes });
  }

  /** The batch has arrived; in the file it takes so many bytes. */
  async arrived(host: Host, lines: readonly Numbered[], fileBytes: number): Promise<void> {
    const state = await this.state(host);
    const next: Checkpoint = { ...state, sending: null, sent: lines.at(-1)!.seq, fileBytes };
    await host.storage.batch({ delete: lines.map(({ seq }) => ({ key: keyOf(seq) })), set: [{ key: checkpointKey, value: next }] });
    Object.assign(state, next);
  }

  async #change(host: Host, change: Partial<Checkpoint>): Promise<void> {
    const state = await this.state(host);
    await host.storage.set(checkpointKey, { ...state, ...change });
    Object.assign(state, change);
  }
}

/** In the order of their numbers. */
function keyOf(seq: number): string {
  return prefix + String(seq).padStart(15, "0");
}

function mark({ time, plugin, call, target, decision }: AuditEntry): string {
  return [time, plugin, call, target.slice(0, 100), decision].join(" ");
}

/** Says in the stream itself that lines are missing. */
function gap(lost: number, { time }: AuditEntry): AuditEntry {
  return { time, plugin: own, version: "", call: "audit.read", target: "", decision: "failed", reason: "these lines were gone before they could be read", count: lost };
}
