import { button, empty, type Host, type KubernetesObject, type ObjectReference, spinner, stack, type ViewNode } from "@lazyoc/plugin";
import type { Grafana } from "../api/client.js";
import { type Found, search } from "../api/search.js";
import { itemsOf, type Settings } from "../api/settings.js";
import { failureView } from "../panels/draw.js";
import { type Choice, choiceOf, OpenDashboard } from "./open-dashboard.js";

/** Dashboards that a tab offers. */
const offered = 6;

/** The dashboards that the user has mapped to a kind, for one object of it. */
export class ObjectTab {
  open: OpenDashboard | null = null;
  #found: Found[] = [];
  #failure: unknown = null;
  #missing = "";

  constructor(
    readonly object: ObjectReference,
    /** What to begin with. */
    private readonly last: Choice | undefined,
  ) {}

  get choice(): Choice | undefined {
    return this.open?.choice ?? this.last;
  }

  /** What was chosen that may serve for another object of the kind: nothing that stands for this one. */
  generalChoice(settings: Partial<Settings>): Choice | undefined {
    const own = this.#preset(settings);
    return this.choice && { ...this.choice, values: Object.fromEntries(Object.entries(this.choice.values).filter(([name]) => !(name in own))) };
  }

  /** Looks for the dashboards, and opens one of them. It never rejects. */
  async load(host: Host, grafana: Grafana, settings: Partial<Settings>): Promise<void> {
    if (this.open) return;
    try {
      this.#found = await this.#look(host, grafana, settings);
      this.#failure = null;
    } catch (failed) {
      this.#failure = failed;
      return;
    }
    const begin = this.#found.find(({ uid }) => uid === this.last?.uid) ?? this.#found[0];
    if (begin) this.choose(begin.uid, settings);
  }

  /** Shows another one. */
  choose(uid: string, settings: Partial<Settings>): void {
    this.open = new OpenDashboard(this.last?.uid === uid ? this.last : choiceOf(uid), this.#preset(settings));
  }

  view(link: string): ViewNode {
    if (this.open) return this.open.view(this.#found.length > 1 ? this.#found.map(({ uid, title }) => button(`dash-${uid}`, title, { style: uid === this.open?.choice.uid ? "accent" : "muted" })) : [], link);
    if (this.#failure !== null) return stack([failureView(this.#failure), button("refresh", "Try again")], 1);
    return this.#missing === "" ? spinner("asking Grafana") : empty(this.#missing);
  }

  /** By the label of the object, otherwise by the tag of its kind. */
  async #look(host: Host, grafana: Grafana, settings: Partial<Settings>): Promise<Found[]> {
    const isPod = this.object.kind === "Pod";
    const { dashboardLabel = "" } = settings;
    const label = dashboardLabel === "" ? "" : await this.#label(host, dashboardLabel);
    const tag = (isPod ? settings.podTag : settings.deploymentTag) ?? "";
    const tagged = tag === "" ? [] : await search(host, grafana, { query: "", tag, folder: "", page: 1 }, offered);
    this.#missing = `No dashboard is for it: give one in Grafana the tag ${tag || "that is set as its kind's"}${dashboardLabel === "" ? "" : `, or the ${isPod ? "pod" : "deployment"} the label ${dashboardLabel} with the uid of one`}`;
    return label === "" ? tagged : [{ uid: label, title: tagged.find(({ uid }) => uid === label)?.title ?? label, folder: "", tags: [] }, ...tagged.filter(({ uid }) => uid !== label)].slice(0, offered);
  }

  async #label(host: Host, name: string): Promise<string> {
    const isPod = this.object.kind === "Pod";
    const { metadata } = await host.kubernetes.get<KubernetesObject>({ ...(isPod ? {} : { group: "apps" }), resource: isPod ? "pods" : "deployments", name: this.object.name, ...(this.object.namespace && { namespace: this.object.namespace }) });
    const value = metadata.labels?.[name] ?? "";
    return /^[\w-]{1,40}$/.test(value) ? value : "";
  }

  /** Where the object's namespace and name go. */
  #preset(settings: Partial<Settings>): Record<string, string[]> {
    const names = itemsOf(this.object.kind === "Pod" ? settings.podVariables : settings.deploymentVariables);
    return Object.fromEntries([...itemsOf(settings.namespaceVariables).map((name): [string, string[]] => [name, [this.object.namespace ?? ""]]), ...names.map((name): [string, string[]] => [name, [this.object.name]])]);
  }
}
