import type { Host, HostError } from "@lazyoc/plugin";
import { messageOf, ndjson, type Numbered, type Target, utf8Length } from "./formats.js";
import type { Outbox } from "./outbox.js";

export interface Settings {
  target: Target | "none";
  url: string;
  tokenUrl: string;
  batchLines: number;
  intervalMs: number;
}

const file = "/mnt/audit/audit.ndjson";
const firstPauseMs = 1_000;
const longestPauseMs = 60_000;

/** Batches in one round; what is left waits for the next. */
const batchesAtOnce = 20;

/** Why a batch has not arrived. */
export interface Setback {
  reason: string;
  /** Tries in a row that failed. */
  tries: number;
  /** Milliseconds since 1970. */
  nextTry: number;
}

class NotArrived extends Error {
  constructor(
    message: string,
    readonly retryAfterMs = 0,
    readonly isTooLarge = false,
  ) {
    super(message);
  }
}

/** Sends what waits, batch by batch, in order. A batch that has not arrived is sent again, and nothing before it. */
export class Sender {
  #setback: Setback | null = null;

  constructor(private readonly outbox: Outbox) {}

  get setback(): Setback | null {
    return this.#setback;
  }

  /** Tries at once: the settings are other ones, or the user asks for it. */
  hurry(): void {
    if (this.#setback) this.#setback.nextTry = 0;
  }

  async send(host: Host, settings: Partial<Settings>): Promise<void> {
    const { target = "none", batchLines = 200 } = settings;
    if (target === "none") return;
    const now = Date.parse((await host.info()).now);
    if (this.#setback && now < this.#setback.nextTry) return;
    for (let i = 0; i < batchesAtOnce; i++) {
      const lines = await this.outbox.batch(host, batchLines);
      if (lines.length === 0) return;
      try {
        const { stream } = await this.outbox.state(host);
        const bytes = target === "file" ? await this.#write(host, stream, lines) : await this.#post(host, settings, target, stream, lines);
        await this.outbox.arrived(host, lines, bytes);
        this.#setback = null;
      } catch (failed) {
        if (failed instanceof NotArrived && failed.isTooLarge && lines.length > 1) {
          await this.outbox.halve(host);
          continue;
        }
        this.#back(failed as Error, now);
        return;
      }
    }
  }

  #back(failed: Error, now: number): void {
    const tries = (this.#setback?.tries ?? 0) + 1;
    const pause = Math.min(longestPauseMs, firstPauseMs * 2 ** (tries - 1));
    // Many that fail together should not come back together.
    const wait = Math.max(pause * (0.75 + Math.random() / 4), failed instanceof NotArrived ? failed.retryAfterMs : 0);
    this.#setback = { reason: failed.message, tries, nextTry: now + wait };
  }

  /** Writes at a known place: what was written there before a fall is written over by the same. */
  async #write(host: Host, stream: string, lines: Numbered[]): Promise<number> {
    const size = await host.files.stat(file).then(({ size = 0 }) => size, (refused: HostError) => {
      if (refused.code === "not-found") return 0;
      throw refused;
    });
    let { fileBytes } = await this.outbox.state(host);
    // Before the first line, and when somebody has moved the file away.
    if (fileBytes < 0 || size < fileBytes) await this.outbox.beginFile(host, (fileBytes = size));
    const text = ndjson(stream, lines);
    if (size === 0) await host.files.write(file, text);
    else await host.files.write(file, text, { offset: fileBytes });
    return fileBytes + utf8Length(text);
  }

  async #post(host: Host, settings: Partial<Settings>, target: Exclude<Target, "file">, stream: string, lines: Numbered[]): Promise<number> {
    const url = settings.tokenUrl ?? settings.url;
    if (!url) throw new NotArrived("no address is set: set `url`, or `tokenUrl` with `token`");
    const { path, contentType, body } = messageOf(target, stream, lines);
    const { status, headers = {} } = await host.http.fetch({
      url: path === "" ? url : url.replace(/\/+$/, "") + path,
      method: "POST",
      // A receiver that remembers the key knows a batch that comes again.
      headers: { "content-type": contentType, "idempotency-key": `${stream}-${lines[0]!.seq}-${lines.at(-1)!.seq}` },
      body,
    });
    if (status < 200 || status > 299) throw new NotArrived(`${url} answers with status ${status}`, retryAfter(headers["retry-after"]), status === 413);
    return (await this.outbox.state(host)).fileBytes;
  }
}

function retryAfter(text: string | undefined): number {
  const seconds = Number(text);
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds * 1000, 10 * longestPauseMs) : 0;
}
