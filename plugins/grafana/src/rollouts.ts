import type { Host, WatchMessage } from "@lazyoc/plugin";
import { annotate, isAnnotated, type NewAnnotation } from "./api/annotations.js";
import type { Grafana } from "./api/client.js";
import type { Settings } from "./api/settings.js";
import { cut, textsOf } from "./api/shapes.js";

/** Deployments that are followed: what is known of them goes to the next instance, which is given no more than 512 KiB. */
const deploymentsFollowed = 1_500;

/** Rollouts that wait to be posted, posted in one round, and how long one waits at most. */
const mostWaiting = 100;
const postedAtOnce = 10;
const longestWaitMs = 3_600_000;

/** How far back it is looked whether somebody else has posted the same rollout. */
const lookBackMs = 600_000;

const revisionPath = ".metadata.annotations.deployment\\.kubernetes\\.io/revision";
const imagesPath = ".spec.template.spec.containers[*].image";
const imagesNamed = 3;

/** What the next instance is given, so that no rollout is told twice and none is lost. */
export type KeptRollouts = { revisions: Record<string, string>; waiting: NewAnnotation[] };

/** Follows deployments, and posts an annotation when one has a new revision. */
export class Rollouts {
  #watch: string | null = null;
  #revisions = new Map<string, string>();
  #isKnown = false;
  #waiting: NewAnnotation[] = [];
  #dropped = 0;
  #failure = "";
  #unfollowed = "";
  #round: Promise<void> | null = null;

  get isWaiting(): boolean {
    return this.#waiting.length > 0;
  }

  /** For the status bar; empty while it is off, or does not know yet what is there. */
  get summary(): string {
    if (this.#unfollowed !== "") return this.#unfollowed;
    const troubles = [...(this.#failure === "" ? [] : [`${this.#waiting.length} waiting, ${this.#failure}`]), ...(this.#dropped === 0 ? [] : [`${this.#dropped} given up`])];
    return !this.#isKnown && troubles.length === 0 ? "" : `rollouts → Grafana${troubles.length === 0 ? "" : `: ${troubles.join("; ")}`}`;
  }

  get isInTrouble(): boolean {
    return this.#unfollowed !== "" || this.#failure !== "" || this.#dropped > 0;
  }

  async start(host: Host, namespace: string): Promise<void> {
    await this.stop(host);
    try {
      this.#watch = await host.kubernetes.watch({ group: "apps", resource: "deployments", ...(namespace && { namespace }), fields: [revisionPath, imagesPath] });
    } catch (refused) {
      this.#unfollowed = `rollouts cannot be followed: ${(refused as Error).message}`;
    }
  }

  async stop(host: Host): Promise<void> {
    this.#unfollowed = "";
    if (this.#watch === null) return;
    await host.kubernetes.unwatch(this.#watch);
    this.#watch = null;
    this.#revisions.clear();
    [this.#isKnown, this.#failure] = [false, ""];
  }

  /** Takes what happened; true when there is something to post. */
  apply(message: WatchMessage, now: number, { annotationTag = "", rolloutDashboard = "" }: Partial<Settings>): boolean {
    if (message.watch !== this.#watch) return false;
    for (const { type, object, fields } of message.events) {
      const key = `${object.namespace ?? ""}/${object.name}`;
      if (type === "deleted") {
        this.#revisions.delete(key);
        continue;
      }
      const revision = textsOf(fields?.[revisionPath])[0] ?? "";
      const known = this.#revisions.get(key);
      if (revision === "" || known === revision || (known === undefined && this.#revisions.size >= deploymentsFollowed)) continue;
      this.#revisions.set(key, revision);
      // What was there at the beginning is no rollout, unless an instance before knew it otherwise.
      if (known === undefined && !this.#isKnown) continue;
      const images = textsOf(fields?.[imagesPath]);
      const named = images.slice(0, imagesNamed).join(", ");
      if (this.#waiting.length >= mostWaiting) this.#dropped++;
      else {
        this.#waiting.push({
          time: now,
          text: cut(`Rollout of ${key}, revision ${revision}${named === "" ? "" : `: ${named}${images.length > imagesNamed ? ` and ${images.length - imagesNamed} more` : ""}`}`, 500),
          tags: [...(annotationTag === "" ? [] : [annotationTag]), `namespace:${object.namespace ?? ""}`, `deployment:${object.name}`, `revision:${revision}`],
          ...(rolloutDashboard !== "" && { dashboardUID: rolloutDashboard }),
        });
      }
    }
    if (message.synced) this.#isKnown = true;
    return this.isWaiting;
  }

  /** Posts what waits, one round at a time. It never rejects. */
  post(host: Host, grafana: Grafana, now: number): Promise<void> {
    return (this.#round ??= this.#post(host, grafana, now).then(
      () => void (this.#failure = ""),
      (failed: Error) => void (this.#failure = failed.message),
    ).finally(() => (this.#round = null)));
  }

  keep(): KeptRollouts {
    return { revisions: this.#isKnown ? Object.fromEntries(this.#revisions) : {}, waiting: this.#waiting };
  }

  restore({ revisions, waiting }: KeptRollouts): void {
    this.#revisions = new Map(Object.entries(revisions));
    this.#waiting = waiting;
  }

  async #post(host: Host, grafana: Grafana, now: number): Promise<void> {
    for (let posted = 0; posted < postedAtOnce && this.#waiting.length > 0; posted++) {
      const annotation = this.#waiting[0]!;
      if (now - annotation.time > longestWaitMs) this.#dropped++;
      // A colleague's LazyOC follows the same cluster, perhaps.
      else if (!(await isAnnotated(host, grafana, annotation.tags, { from: annotation.time - lookBackMs, to: annotation.time + lookBackMs }))) await annotate(host, grafana, annotation);
      this.#waiting.shift();
    }
  }
}
