import type { Run } from "./run.js";

/** Failures that are remembered; the oldest are forgotten. */
const maxRemembered = 4_000;

/** Of these the next instance is told; a state holds 512 KiB. */
const handedOn = 2_000;

/** How far the clock of the cluster may be behind. */
const skewMs = 600_000;

/** Which runs have failed, so that each is told once. */
export class Failures {
  readonly #known = new Set<string>();

  /**
   * Whether this is a failure that nobody has been told of. `since` is from when on failures are news among those that a watch
   * begins with: null for none of them, undefined when it told them all long ago.
   */
  isNews(run: Run, since: number | null | undefined): boolean {
    if (run.state !== "failed") {
      // An application in bad health may get well, and ill again.
      if (run.system === "application") this.#known.delete(`${run.id.split(" ")[0]} degraded`);
      return false;
    }
    if (this.#known.has(run.id)) return false;
    this.#known.add(run.id);
    if (this.#known.size > maxRemembered) this.#known.delete(this.#known.values().next().value!);
    return since === undefined || (since !== null && (run.ended ?? run.started ?? run.created ?? 0) >= since - skewMs);
  }

  keep(): string[] {
    return [...this.#known].slice(-handedOn);
  }

  restore(known: readonly string[]): void {
    for (const id of known) this.#known.add(id);
  }
}
