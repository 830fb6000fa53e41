import type { Host, HostError, WatchMessage } from "@lazyoc/plugin";
import type { LogPlace } from "./details/detail.js";
import { withoutControls } from "./runs/values.js";

/** Latest lines that are shown: what went wrong stands at the end, and the pod has the rest. */
const shownLines = 40;

/** Characters of a line. */
const lineChars = 500;

/** The log of one step, which goes on while the step does. */
export class StepLog {
  #lines: string[] = [];
  #watch: string | null = null;
  #isClosed = false;

  /** Why there is none. */
  failure: string | null = null;
  isLive = false;

  constructor(readonly place: LogPlace) {}

  get text(): string {
    return this.#lines.join("\n");
  }

  is({ namespace, pod, container }: LogPlace): boolean {
    return this.place.namespace === namespace && this.place.pod === pod && this.place.container === container;
  }

  async open(host: Host): Promise<void> {
    const { isLive, ...place } = this.place;
    try {
      if (!isLive) return this.#append((await host.kubernetes.logs({ ...place, tailLines: shownLines })).lines);
      this.#watch = await host.kubernetes.followLogs({ ...place, tailLines: shownLines });
      this.isLive = true;
      if (this.#isClosed) await this.close(host);
    } catch (failed) {
      const { code, message } = failed as HostError;
      this.failure = code === "not-found" ? `The pod ${place.pod} is gone, and its log with it` : message;
    }
  }

  /** Whether the message is of this log. */
  take({ watch, lines, reset, ended }: WatchMessage): boolean {
    if (watch !== this.#watch) return false;
    if (reset) this.#lines = [];
    this.#append(lines ?? []);
    if (ended) [this.isLive, this.#watch] = [false, null];
    return true;
  }

  async close(host: Host): Promise<void> {
    this.#isClosed = true;
    const watch = this.#watch;
    this.#watch = null;
    // It may have come to its end by itself.
    if (watch !== null) await host.kubernetes.unwatch(watch).catch((failed: HostError) => (failed.code === "not-found" ? undefined : Promise.reject(failed)));
  }

  #append(lines: readonly string[]): void {
    const added = lines.slice(-shownLines).map((line) => withoutControls(line.slice(0, lineChars)));
    this.#lines = [...this.#lines, ...added].slice(-shownLines);
  }
}
