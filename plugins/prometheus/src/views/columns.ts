import { type Cell, type ComputeBatch, type Host, within } from "@lazyoc/plugin";
import { instant, over, QueryFailure, type Series } from "../query/client.js";
import { oneOf, withMatch } from "../query/promql.js";
import { type Settings, sourceOf } from "../query/source.js";
import { cores } from "./format.js";

/** What is asked for once serves all rows of its namespaces for so long. */
const freshMs = 15_000;

/** Pods asked about by name at once, where a namespace has too many for one answer: a URL must hold them. */
const podsByName = 50;

const memorySamples = 8;
const memoryStepS = 300;

type ByPod = Map<string, Series>;

interface Asked {
  at: number;
  answer: Promise<ByPod>;
}

/** The values of the two columns. A whole namespace is asked for at once: one query instead of one a row. */
export class UsageColumns {
  readonly #asked = new Map<string, Asked>();
  #failure: QueryFailure | null = null;

  /** Why the columns are empty; null when they are not. */
  get failure(): QueryFailure | null {
    return this.#failure;
  }

  /** Forgets what was asked for: the settings are other ones. */
  forget(): void {
    this.#asked.clear();
    this.#failure = null;
  }

  cpu(batch: ComputeBatch, host: Host): Promise<Cell[]> {
    return this.#cells(batch, host, async (match, settings, source) => instant(host, source, withMatch(settings.cpuQuery ?? "", match), seconds(batch.now)), ({ values }) => {
      const value = values[0];
      return value === null || value === undefined ? none : { text: cores(value), sort: value };
    });
  }

  memory(batch: ComputeBatch, host: Host): Promise<Cell[]> {
    const end = seconds(batch.now);
    const range = { start: end - (memorySamples - 1) * memoryStepS, end, step: memoryStepS };
    return this.#cells(batch, host, async (match, settings, source) => over(host, source, withMatch(settings.memoryQuery ?? "", match), range), ({ values }) => ({
      text: values.map((value) => (value === null ? "-" : Math.round(value / 1024))).join(" "),
      sort: values.at(-1) ?? 0,
    }));
  }

  async #cells(
    batch: ComputeBatch,
    host: Host,
    ask: (match: string[], settings: Partial<Settings>, source: ReturnType<typeof sourceOf>) => Promise<Series[]>,
    cellOf: (series: Series) => Cell,
  ): Promise<Cell[]> {
    const permitted = batch.rows.filter(({ values }) => values.length > 0);
    if (permitted.length === 0) return batch.rows.map(() => none);
    const namespaces = [...new Set(permitted.map(({ object }) => object.namespace ?? ""))].sort();
    try {
      const asked = this.#byPod(batch.column, namespaces, permitted.map(({ object }) => object.name), Date.parse(batch.now), async (match) => {
        const settings = await host.settings<Settings>();
        return ask(match, settings, sourceOf(settings));
      });
      const timely = await within(host.message, asked);
      // It is being asked: the next change of a row finds the answer.
      if ("late" in timely) return batch.rows.map(() => ({ text: "…", style: "muted" }));
      this.#failure = null;
      return batch.rows.map(({ object }) => {
        const series = timely.value.get(`${object.namespace ?? ""}/${object.name}`);
        return series ? cellOf(series) : none;
      });
    } catch (failed) {
      this.#failure = failed instanceof QueryFailure ? failed : new QueryFailure(String(failed), "");
      return batch.rows.map(() => ({ text: "n/a", style: "muted", sort: -1 }));
    }
  }

  async #byPod(column: string, namespaces: string[], pods: string[], now: number, ask: (match: string[]) => Promise<Series[]>): Promise<ByPod> {
    const inNamespaces = oneOf("namespace", namespaces);
    try {
      return await this.#once(`${column} ${inNamespaces}`, now, () => ask([inNamespaces]));
    } catch (failed) {
      if (!(failed instanceof QueryFailure) || !failed.isTooMuch) throw failed;
    }
    const found: ByPod = new Map();
    for (let i = 0; i < pods.length; i += podsByName) {
      const byName = oneOf("pod", pods.slice(i, i + podsByName));
      for (const [pod, series] of await this.#once(`${column} ${inNamespaces} ${byName}`, now, () => ask([inNamespaces, byName]))) found.set(pod, series);
    }
    return found;
  }

  #once(key: string, now: number, ask: () => Promise<Series[]>): Promise<ByPod> {
    const known = this.#asked.get(key);
    if (known && now - known.at < freshMs) return known.answer;
    for (const [old, { at }] of this.#asked) if (now - at >= freshMs) this.#asked.delete(old);
    const answer = ask().then((series) => new Map(series.map((one) => [`${one.labels["namespace"] ?? ""}/${one.labels["pod"] ?? ""}`, one])));
    // Who comes too late for it must not fail for it.
    answer.catch(() => undefined);
    this.#asked.set(key, { at: now, answer });
    return answer;
  }
}

const none: Cell = { text: "-", style: "muted", sort: -1 };

function seconds(time: string): number {
  return Math.floor(Date.parse(time) / 1000);
}
