import { button, type FormField, type FormValues, type Host, span, spinner, stack, text, type ViewNode } from "@lazyoc/plugin";
import { type Annotation, annotationsOf } from "../api/annotations.js";
import type { Grafana } from "../api/client.js";
import { type Dashboard, dashboardOf } from "../api/dashboard.js";
import { draw, failureView, isQueried, still } from "../panels/draw.js";
import { ask, windowFor } from "../query/panel-query.js";
import { durationMs, durationText, ranges, type TimeRange, timeText, titleOf, type Window, windowOf, windowText } from "../query/time.js";
import { all, scopeOf, valueChars, type Variable } from "../query/variables.js";
import { cut } from "../api/shapes.js";
import { drawLines, type Line, linesOf, nothing, type Place, panelsDrawn, rowButton, widthOf } from "./layout.js";

/** What has come serves for so long, however often the view is drawn. */
const freshMs = 10_000;

/** The shortest time between two refreshes by themselves. */
export const leastRefreshMs = 30_000;

/** Variables that can be chosen, and annotations that are listed. */
const variablesAsked = 12;
const annotationsListed = 8;

const refreshes = ["30s", "1m", "5m", "15m", "1h"];

/** What the user has chosen of a dashboard; null for what the dashboard says itself. */
export type Choice = {
  uid: string;
  range: TimeRange | null;
  refreshMs: number | null;
  values: Record<string, string[]>;
  /** Ids of collapsed rows that are shown. */
  opened: number[];
};

/** What is asked for although it was asked a moment ago: everything, or what is shown and has not come yet. */
export type Anew = "all" | "missing";

export function choiceOf(uid: string): Choice {
  return { uid, range: null, refreshMs: null, values: {}, opened: [] };
}

/** A dashboard on the screen: what was chosen, and what has come of it so far. */
export class OpenDashboard {
  #dashboard: Dashboard | null = null;
  #failure: unknown = null;
  #window: Window = { from: 0, to: 0 };
  #lines: Line[] = [];
  #width = 0;
  #left = 0;
  #bodies = new Map<string, ViewNode[]>();
  #annotations: Annotation[] = [];
  #noAnnotations = "";
  #asked: { at: number; width: number; done: Promise<void> } | null = null;
  #changed: () => void = () => undefined;
  #isStale = false;

  /** @param preset Values of variables that are there before the user has chosen any, by name. */
  constructor(
    public choice: Choice,
    private readonly preset: Record<string, string[]> = {},
  ) {}

  /** Milliseconds between refreshes; 0 for never. */
  get refreshMs(): number {
    const asked = this.choice.refreshMs ?? this.#dashboard?.refreshMs ?? 0;
    return asked > 0 ? Math.max(leastRefreshMs, asked) : 0;
  }

  /** Fills it in. `changed` is told whenever there is more to see; it never rejects. */
  async load(host: Host, grafana: Grafana, tag: string, width: number, changed: () => void, anew?: Anew): Promise<void> {
    this.#changed = changed;
    const now = Date.parse((await host.info()).now);
    if (!anew && this.#asked?.width === width && now - this.#asked.at < freshMs) return this.#asked.done;
    const asked = { at: now, width, done: Promise.resolve() };
    this.#asked = asked;
    // Whoever asks anew wins: what comes late of the one before is not shown.
    asked.done = this.#fill(host, grafana, tag, width, now, anew === "missing", () => this.#asked === asked).catch((failed: unknown) => {
      if (this.#asked === asked) this.#failure = failed;
    });
    return asked.done;
  }

  /** The next load asks for the dashboard itself, too: it may have been changed. */
  reload(): void {
    this.#isStale = true;
    this.#bodies.clear();
  }

  /** The address of what is seen here, in Grafana itself. */
  linkOf(grafana: Grafana): string {
    const { from, to } = this.#range;
    const values = Object.entries(this.#values).flatMap(([name, chosen]) => chosen.map((value): [string, string] => [`var-${name}`, value]));
    return `${grafana.url}${this.#dashboard?.path ?? `/d/${encodeURIComponent(this.choice.uid)}`}?${new URLSearchParams([["from", from], ["to", to], ...values])}`;
  }

  /** What the user may choose. */
  fields(): FormField[] {
    const { from, to } = this.#range;
    const known = to === "now" && ranges[from] !== undefined;
    const refresh = this.refreshMs === 0 ? "off" : durationText(this.refreshMs);
    const visible = (this.#dashboard?.variables ?? []).filter(({ isHidden }) => !isHidden).slice(0, variablesAsked);
    return [
      { name: "range", label: "Range", kind: "select", value: known ? from : "own", options: [...(known ? [] : [{ value: "own", label: titleOf(this.#range) }]), ...Object.entries(ranges).map(([value, label]) => ({ value, label }))] },
      { name: "refresh", label: "Refresh", kind: "select", value: refresh, options: ["off", ...(refresh === "off" || refreshes.includes(refresh) ? [] : [refresh]), ...refreshes].map((value) => ({ value, label: value === "off" ? "by hand" : `every ${value}` })) },
      ...visible.map((variable) => fieldOf(variable, this.#values[variable.name] ?? [])),
    ];
  }

  /** Takes what the user has filled in. */
  choose(values: FormValues): void {
    const range = String(values["range"] ?? "own");
    const refresh = String(values["refresh"] ?? "off");
    const shown = (this.#dashboard?.variables ?? []).filter(({ isHidden }) => !isHidden).slice(0, variablesAsked);
    this.choice = {
      ...this.choice,
      ...(range !== "own" && { range: { from: range, to: "now" } }),
      refreshMs: refresh === "off" ? 0 : (durationMs(refresh) ?? this.refreshMs),
      values: { ...this.choice.values, ...Object.fromEntries(shown.map((variable) => [variable.name, chosenOf(variable, String(values[fieldName(variable)] ?? ""))])) },
    };
    this.#bodies.clear();
    if (this.#dashboard) this.#layOut();
  }

  /** Opens or closes a collapsed row; false when no row has this button. */
  toggle(node: string): boolean {
    const row = this.#dashboard?.panels.find((panel) => panel.type === "row" && rowButton(panel) === node);
    if (!row) return false;
    const { opened } = this.choice;
    this.choice = { ...this.choice, opened: opened.includes(row.id) ? opened.filter((id) => id !== row.id) : [...opened, row.id] };
    this.#layOut();
    return true;
  }

  /** The dashboard as far as it has come; `buttons` stand before its own. */
  view(buttons: ViewNode[] = [], link = ""): ViewNode {
    if (this.#failure !== null) return stack([bar([...buttons, button("refresh", "Refresh")]), failureView(this.#failure)], 1);
    const dashboard = this.#dashboard;
    if (!dashboard) return stack([...(buttons.length > 0 ? [bar(buttons)] : []), spinner("asking Grafana")], 1);
    return stack(
      [
        stack([this.#heading(dashboard), this.#summary(dashboard)]),
        bar([...buttons, button("choose", "Range and variables"), button("refresh", "Refresh"), button("browse", "Open in browser"), button("link", "Copy link")]),
        ...(dashboard.panels.length === 0 ? [nothing()] : drawLines(this.#lines, (place) => this.#bodies.get(place.key) ?? [spinner("asking")])),
        ...(this.#left > 0 || dashboard.isPartial ? [text(span(`${panelsDrawn} panels are drawn; ${dashboard.isPartial ? "many" : this.#left} more are in Grafana`, "warn"))] : []),
        ...this.#listed(),
        ...(link === "" ? [] : [text(span(link, "muted"))]),
      ],
      1,
    );
  }

  async #fill(host: Host, grafana: Grafana, tag: string, width: number, now: number, isMore: boolean, isCurrent: () => boolean): Promise<void> {
    const isBeside = isMore && !this.#isStale && this.#dashboard !== null;
    const dashboard = (!this.#isStale && this.#dashboard) || (await dashboardOf(host, grafana, this.choice.uid));
    if (!isCurrent()) return;
    [this.#dashboard, this.#isStale, this.#failure] = [dashboard, false, null];
    // What comes in beside others is of the same time as they are.
    if (!isBeside) this.#window = windowOf(this.#range, now);
    this.#width = width;
    this.#layOut();
    const places = this.#lines.flatMap((line) => ("places" in line ? line.places.map((place) => ({ place, width: widthOf(place, line, width) })) : []));
    if (!isBeside) this.#keepBodies(new Set(places.map(({ place }) => place.key)));
    this.#changed();
    const annotations = isBeside ? Promise.resolve(this.#annotations) : this.#annotate(host, grafana, tag, dashboard, isCurrent);
    const due = isBeside ? places.filter(({ place }) => !this.#bodies.has(place.key)) : places;
    await Promise.all(due.map(({ place, width: its }) => this.#draw(host, grafana, place, its, annotations, isCurrent)));
    await annotations;
  }

  /** What a row shows that is closed now is of an earlier time when it is opened again. */
  #keepBodies(shown: Set<string>): void {
    for (const key of this.#bodies.keys()) if (!shown.has(key)) this.#bodies.delete(key);
  }

  #layOut(): void {
    const { variables, panels } = this.#dashboard!;
    const { lines, left } = linesOf(panels, scopeOf(variables, this.#values), this.choice.opened, this.#width);
    [this.#lines, this.#left] = [lines, left];
  }

  async #annotate(host: Host, grafana: Grafana, tag: string, dashboard: Dashboard, isCurrent: () => boolean): Promise<Annotation[]> {
    const [found, failure] = await annotationsOf(host, grafana, dashboard, tag, this.#window).then((list): [Annotation[], string] => [list, ""], (failed: Error): [Annotation[], string] => [[], failed.message]);
    if (isCurrent()) [this.#annotations, this.#noAnnotations] = [found, failure];
    this.#changed();
    return found;
  }

  /** A panel fails for itself. */
  async #draw(host: Host, grafana: Grafana, { key, panel, scope }: Place, width: number, annotations: Promise<Annotation[]>, isCurrent: () => boolean): Promise<void> {
    let body: ViewNode[];
    try {
      if (!isQueried(panel)) body = still(panel, scope);
      else {
        const window = windowFor(panel, this.#window);
        const answer = await ask(host, grafana, panel, window, scope);
        const marks = (await annotations).filter((one) => one.panel === 0 || one.panel === panel.id).map(({ time }) => time).filter((time) => time >= window.from && time <= window.to);
        body = draw({ panel, answer, window, marks, width, height: panel.h });
      }
    } catch (failed) {
      body = [failureView(failed)];
    }
    if (!isCurrent()) return;
    this.#bodies.set(key, body);
    this.#changed();
  }

  get #range(): TimeRange {
    return this.choice.range ?? this.#dashboard?.time ?? { from: "now-6h", to: "now" };
  }

  /** What is chosen of each variable, be it by the user, by the object of a tab, or by the dashboard. */
  get #values(): Record<string, string[]> {
    return Object.fromEntries((this.#dashboard?.variables ?? []).map(({ name, current }) => [name, this.choice.values[name] ?? this.preset[name] ?? current]));
  }

  #heading({ title, folder, tags }: Dashboard): ViewNode {
    return text(span(title, "strong"), ...(folder === "" ? [] : [span(`  ${folder}`, "muted")]), ...(tags.length === 0 ? [] : [span(`  ${cut(tags.join(" "), 120)}`, "info")]));
  }

  #summary({ variables }: Dashboard): ViewNode {
    const shown = variables.filter(({ isHidden }) => !isHidden);
    const values = this.#values;
    return text(
      span(`${titleOf(this.#range)}, ${windowText(this.#window)}`),
      span(` · ${this.refreshMs === 0 ? "refreshed by hand" : `refreshed every ${durationText(this.refreshMs)}`}`, "muted"),
      ...shown.flatMap(({ name, label }) => [span(" · ", "muted"), span(`${label} `, "muted"), span(cut((values[name] ?? []).map((value) => (value === all ? "All" : value)).join(" + ") || "none", 60))]),
    );
  }

  #listed(): ViewNode[] {
    if (this.#noAnnotations !== "") return [text(span(`▲ no annotations: ${this.#noAnnotations}`, "warn"))];
    if (this.#annotations.length === 0) return [];
    const shown = this.#annotations.slice(-annotationsListed).reverse();
    return [
      stack([
        text(span("Annotations", "strong"), ...(this.#annotations.length > shown.length ? [span(`  the latest ${shown.length} of ${this.#annotations.length}`, "muted")] : [])),
        ...shown.map(({ time, text: words, tags }) => text(span("▲ ", "warn"), span(`${timeText(time)} `, "muted"), span(words), span(tags.length === 0 ? "" : `  ${cut(tags.join(" "), 80)}`, "info"))),
      ]),
    ];
  }
}

/** Buttons beside each other, each as wide as its words. */
function bar(buttons: ViewNode[]): ViewNode {
  return { type: "columns", weights: buttons.map((one) => (one.type === "button" ? one.label.length + 4 : 1)), children: buttons };
}

/** Fields of variables are called after them, so that none takes the name of another field. */
function fieldName({ name }: Variable): string {
  return `var-${name}`;
}

function fieldOf(variable: Variable, current: string[]): FormField {
  const { label, options, isMulti, includesAll } = variable;
  const name = fieldName(variable);
  const words = (value: string) => (value === all ? "All" : value);
  if (!isMulti && options.length > 0) {
    const value = current[0] ?? options[0]!.value;
    const known = options.some((option) => option.value === value);
    return { name, label, kind: "select", value, options: [...(known ? [] : [{ value, label: value || "none" }]), ...options.map((option) => ({ value: option.value, label: option.text || option.value }))] };
  }
  const offered = [...(includesAll ? ["All"] : []), ...options.map(({ value }) => value)];
  return { name, label, kind: "text", max: valueChars, value: current.map(words).join(", "), ...(offered.length > 0 || isMulti ? { help: cut(`${isMulti ? "one or more, with commas" : "one"}${offered.length > 0 ? ` of ${offered.join(", ")}` : ""}`, 160) } : {}) };
}

function chosenOf({ isMulti, includesAll }: Variable, text: string): string[] {
  const values = isMulti ? text.split(",").map((value) => value.trim()).filter((value) => value !== "") : [text];
  return includesAll && (values.length === 0 || values.some((value) => value === "All" || value === all)) ? [all] : values;
}
