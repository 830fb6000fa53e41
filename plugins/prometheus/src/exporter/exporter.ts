import type { Host, HostError, HttpRequest, HttpResponse, Json, WatchMessage } from "@lazyoc/plugin";
import { ClusterState, type EventCounts, keyOf, partsOf, watched } from "./cluster.js";
import { contentType, expose, type Family, type Sample } from "./exposition.js";

export const port = 9745;

/** Bytes of one answer; leaves room for what the host puts around it in a message of 1 MiB, quotes escaped. */
const answerBytes = 600 << 10;

/** Lines of the audit in one call, and calls before one scrape; the rest is counted at the next. */
const auditPage = 500;
const auditPages = 4;

/** Pairs of plugin and decision that are told apart. */
const auditSeries = 500;

interface Kept {
  exporting: boolean;
  events: EventCounts;
  audit: Record<string, number>;
  auditCursor: number;
  auditLost: number;
  scrapes: number;
}

/** What is exported, from the moment that the user starts it. */
export class Exporter {
  readonly #cluster = new ClusterState();
  readonly #kinds = new Map<string, string>();
  readonly #failed = new Map<string, string>();
  readonly #audit = new Map<string, number>();
  #auditCursor = 0;
  #auditLost = 0;
  #scrapes = 0;
  #series = 0;
  #exporting = false;

  get isOn(): boolean {
    return this.#exporting;
  }

  /** Follows the cluster and takes requests. Safe to call again. */
  async start(host: Host, namespace: string): Promise<void> {
    if (this.#exporting) return;
    this.#exporting = true;
    try {
      await host.http.listen(port);
    } catch (refused) {
      this.#exporting = false;
      throw refused;
    }
    await Promise.all(
      watched.map(async ({ group, resource, kind, fields }) => {
        try {
          // Whoever may not see all of the cluster sees his own namespace of it.
          const watch = await host.kubernetes.watch({ group, resource, fields }).catch(() => host.kubernetes.watch({ group, resource, fields, namespace }));
          this.#kinds.set(watch, kind);
        } catch (refused) {
          this.#failed.set(resource, (refused as HostError).code ?? "internal");
        }
      }),
    );
  }

  /** For the status bar; empty while it is off. */
  get summary(): string {
    return this.#exporting ? `⇅ :${port}${this.#scrapes === 0 ? "" : ` ${this.#series} series`}` : "";
  }

  /** Something cannot be followed. */
  get isPartial(): boolean {
    return this.#failed.size > 0;
  }

  watch(message: WatchMessage): void {
    const kind = this.#kinds.get(message.watch);
    if (kind) this.#cluster.apply(kind, message);
  }

  async answer(request: HttpRequest, host: Host, settings: { maxSeries?: number }): Promise<HttpResponse> {
    if (request.path !== "/metrics") return { status: 404, headers: { "content-type": "text/plain" }, body: "metrics are at /metrics\n" };
    if (request.method !== "GET" && request.method !== "HEAD") return { status: 405, headers: { allow: "GET, HEAD" } };
    this.#scrapes++;
    await this.#readAudit(host);
    const security = await this.#security(host);
    const bounds = { series: settings.maxSeries ?? 5_000, bytes: answerBytes };
    const body = expose(this.#families(security), bounds);
    const own = expose(this.#own(body.series, body.dropped), { series: Infinity, bytes: Infinity });
    this.#series = body.series + own.series;
    return { status: 200, headers: { "content-type": contentType }, ...(request.method === "GET" && { body: body.text + own.text }) };
  }

  keep(): Json {
    return {
      exporting: this.#exporting,
      events: this.#cluster.eventCounts,
      audit: Object.fromEntries(this.#audit),
      auditCursor: this.#auditCursor,
      auditLost: this.#auditLost,
      scrapes: this.#scrapes,
    } satisfies Kept;
  }

  /** Goes on with the counts of an instance before: counters that fall look like a restart to Prometheus. */
  async restore(state: Json, host: Host, namespace: string): Promise<void> {
    const kept = state as unknown as Partial<Kept>;
    this.#cluster.restore(kept.events ?? {});
    for (const [key, count] of Object.entries(kept.audit ?? {})) this.#audit.set(key, count);
    this.#auditCursor = kept.auditCursor ?? 0;
    this.#auditLost = kept.auditLost ?? 0;
    this.#scrapes = kept.scrapes ?? 0;
    this.#cluster.eventsAreOld = Object.keys(kept.events ?? {}).length > 0;
    if (kept.exporting) await this.start(host, namespace);
  }

  async #readAudit(host: Host): Promise<void> {
    for (let page = 0; page < auditPages; page++) {
      const { entries, cursor, lost } = await host.audit.read({ after: this.#auditCursor, limit: auditPage });
      this.#auditCursor = cursor;
      this.#auditLost += lost;
      for (const { plugin, decision, count = 1 } of entries) {
        const key = keyOf(plugin, decision);
        if (this.#audit.has(key) || this.#audit.size < auditSeries) this.#audit.set(key, (this.#audit.get(key) ?? 0) + count);
      }
      if (entries.length < auditPage) return;
    }
  }

  /** Findings by severity from the security scan; nothing when it is not installed, or not done within the scrape's time. */
  async #security(host: Host): Promise<Sample[]> {
    try {
      const { counts } = await host.callService<{ counts: { namespace: string; severity: string; findings: number }[] }>("lazyoc.security-scan/summary", {}, 2_000);
      return counts.map(({ namespace, severity, findings }) => ({ labels: { namespace, severity }, value: findings }));
    } catch {
      return [];
    }
  }

  *#families(security: Sample[]): Iterable<Family> {
    yield* this.#cluster.families();
    yield { name: "lazyoc_security_findings", help: "Findings of the security scan by namespace and severity.", type: "gauge", samples: security };
  }

  /** What the exporter says of plugins and of itself; few series, never left out. */
  *#own(series: number, dropped: Map<string, number>): Iterable<Family> {
    const audited = [...this.#audit].map(([key, value]) => {
      const [plugin = "", decision = ""] = partsOf(key);
      return { labels: { plugin, decision }, value };
    });
    yield { name: "lazyoc_plugin_audit_total", help: "Lines of the audit by plugin and decision: calls, refusals, transitions, faults.", type: "counter", samples: audited };
    yield { name: "lazyoc_audit_lost_total", help: "Lines of the audit that were gone before they were counted.", type: "counter", samples: [{ labels: {}, value: this.#auditLost }] };
    yield { name: "lazyoc_exporter_scrapes_total", help: "Times that somebody asked for the metrics.", type: "counter", samples: [{ labels: {}, value: this.#scrapes }] };
    yield { name: "lazyoc_exporter_series", help: "Series of the cluster in this answer.", type: "gauge", samples: [{ labels: {}, value: series }] };
    yield { name: "lazyoc_exporter_dropped_series", help: "Series left out of this answer by its limits.", type: "gauge", samples: [...dropped].map(([family, value]) => ({ labels: { family }, value })) };
    yield { name: "lazyoc_exporter_watch_failed", help: "Resources that cannot be followed.", type: "gauge", samples: [...this.#failed].map(([resource, reason]) => ({ labels: { resource, reason }, value: 1 })) };
  }

}
