import { type Host, type HostError, type ObjectReference, type RenderRequest, spinner, type ViewInput, type ViewNode, type WatchMessage, within } from "@lazyoc/plugin";
import { canChange, change, type Change } from "./changes.js";
import { applicationDetail } from "./details/application.js";
import { buildDetail } from "./details/build.js";
import type { Detail } from "./details/detail.js";
import { pipelineDetail, taskDetail } from "./details/pipeline.js";
import { StepLog } from "./log.js";
import type { Board } from "./runs/board.js";
import { isOpen, type System, systemOf } from "./runs/run.js";
import { focusOf, runView } from "./views/run.js";

/** Tabs that are open at once; the host lets a plugin have no more views. */
const maxTabs = 32;

const readers: Record<System, (object: ObjectReference, host: Host) => Promise<Detail>> = { build: buildDetail, pipeline: pipelineDetail, task: taskDetail, application: applicationDetail };

interface Tab {
  object: ObjectReference;
  width: number;
  /** The row that the user has opened. */
  chosen?: string;
  log?: StepLog;
  /** What it is about has changed since it was drawn. */
  isStale: boolean;
  /** It goes on, so that its times change by themselves. */
  isOpen: boolean;
}

/** The tabs of runs that are open. */
export class RunTabs {
  readonly #tabs = new Map<string, Tab>();

  /** What was chosen in tabs that the instance before had open. */
  readonly #chosen = new Map<string, string>();

  constructor(private readonly board: Board) {}

  get open(): number {
    return this.#tabs.size;
  }

  async render({ instance, object, width }: RenderRequest, host: Host): Promise<ViewNode> {
    const known = this.#tabs.get(instance);
    const chosen = known?.chosen ?? this.#chosen.get(instance);
    this.#chosen.delete(instance);
    this.#tabs.delete(instance);
    const tab: Tab = { object, width, isStale: false, isOpen: false, ...(chosen !== undefined && { chosen }), ...(known?.log && { log: known.log }) };
    this.#tabs.set(instance, tab);
    if (this.#tabs.size > maxTabs) await this.#close(this.#tabs.keys().next().value!, host);
    const view = this.#view(tab, host);
    const timely = await within(host.message, view);
    if ("value" in timely) return timely.value;
    void view.then((late) => this.#update(instance, late, host)).catch((failed: HostError) => console.error(failed.message));
    return spinner(`looking at ${object.name}`);
  }

  async input(input: ViewInput, object: ObjectReference, host: Host): Promise<ViewNode | null> {
    if (input.event === "press") {
      if (canChange(input.node as Change, object)) await change(input.node as Change, [object], host);
      return null;
    }
    const tab = this.#tabs.get(input.instance);
    if (!tab || input.event !== "activate") return null;
    tab.chosen = input.row;
    return this.#view(tab, host);
  }

  /** Something about an object has changed. */
  touch({ kind, namespace, name }: ObjectReference): void {
    for (const tab of this.#tabs.values()) if (tab.object.kind === kind && tab.object.namespace === namespace && tab.object.name === name) tab.isStale = true;
  }

  /** Whether the message is of a log that is shown. */
  takeLog(message: WatchMessage): boolean {
    const tab = [...this.#tabs.values()].find(({ log }) => log?.take(message));
    if (tab) tab.isStale = true;
    return tab !== undefined;
  }

  async draw(host: Host, isTick: boolean): Promise<void> {
    for (const [instance, tab] of this.#tabs) {
      if (!tab.isStale && !(isTick && tab.isOpen)) continue;
      tab.isStale = false;
      await this.#update(instance, await this.#view(tab, host), host);
    }
  }

  keep(): [string, string][] {
    return [...this.#tabs].flatMap(([instance, { chosen }]): [string, string][] => (chosen === undefined ? [] : [[instance, chosen]]));
  }

  restore(chosen: readonly [string, string][]): void {
    for (const [instance, row] of chosen) this.#chosen.set(instance, row);
  }

  async #view(tab: Tab, host: Host): Promise<ViewNode> {
    try {
      const [detail, { now }] = await Promise.all([readers[systemOf(tab.object)!](tab.object, host), host.info()]);
      tab.isOpen = isOpen(detail.run);
      const focus = focusOf(detail, tab.chosen);
      const place = focus?.step?.log;
      // A container that has only just begun may have no log yet.
      const failedEarly = place?.isLive && tab.log?.failure !== null;
      if (tab.log && (failedEarly || !(place && tab.log.is(place)))) {
        await tab.log.close(host);
        delete tab.log;
      }
      if (place && !tab.log) {
        tab.log = new StepLog(place);
        await tab.log.open(host);
      }
      return runView(detail, focus, tab.log, this.board.lineOf(tab.object), Date.parse(now), tab.width);
    } catch (failed) {
      const { message, code } = failed as HostError;
      return { type: "error", message, hint: code === "permission-denied" ? "grant it to the plugin, or ask who manages your cluster" : "look at the plugin's log" };
    }
  }

  async #update(instance: string, view: ViewNode, host: Host): Promise<void> {
    try {
      await host.ui.update(instance, view);
    } catch (failed) {
      if ((failed as HostError).code !== "not-found") throw failed;
      await this.#close(instance, host);
    }
  }

  async #close(instance: string, host: Host): Promise<void> {
    const tab = this.#tabs.get(instance);
    this.#tabs.delete(instance);
    await tab?.log?.close(host);
  }
}
