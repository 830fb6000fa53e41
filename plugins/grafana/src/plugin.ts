import { type ActionRequest, button, definePlugin, type Host, type HostError, type Json, markdown, type ObjectReference, type ViewInput, type ViewNode, within } from "@lazyoc/plugin";
import { annotate } from "./api/annotations.js";
import { Grafana } from "./api/client.js";
import { itemsOf, type Settings } from "./api/settings.js";
import { countedTurns, restoreTurns } from "./api/turns.js";
import { type KeptRollouts, Rollouts } from "./rollouts.js";
import { DashboardList } from "./views/list.js";
import { ObjectTab } from "./views/object-tab.js";
import { type Anew, type Choice, choiceOf, OpenDashboard } from "./views/open-dashboard.js";
import type { Question } from "./api/search.js";

const page = "lazyoc.grafana.dashboards";

/** Views that are remembered; the host opens no more at once. */
const rememberedViews = 32;

/** Shortest time between two drawings of what comes in bit by bit. */
const repaintMs = 100;

/** When all has come it is drawn once more: the answer to the message that began it may be shown after what was sent later. */
const settledMs = 1_000;

/** Refreshes of a view by itself, after which it waits for its user. */
const refreshesAlone = 240;

/** How long an answer is put off at most for what it began to come, with time left for the answer itself: what comes later is shown as it comes. */
const patienceMs = { input: 1_500, render: 3_000 };

/** How often it is tried again to post rollouts. */
const rolloutsMs = 15_000;
const rolloutsTimer = "rollouts";

const unset = `Set where your Grafana is, in the settings of this plugin:

- \`tokenUrl\`, its address, and \`token\`, the token of a service account with the role Viewer. Make one in Grafana under *Administration*, *Users and access*, *Service accounts*. LazyOC keeps the token and adds it to requests; the plugin never sees it.
- \`url\` instead, for a Grafana that lets anybody look.`;

/** One open view: the page, or a tab of an object. */
interface Screen {
  instance: string;
  width: number;
  tab: ObjectTab | null;
  refreshes: number;
  /** How often it refreshes now, in milliseconds; 0 for never. */
  timerMs: number;
}

const screens = new Map<string, Screen>();
/** What was chosen last in a tab, by kind. */
const lastOfKind = new Map<string, Choice>();
const list = new DashboardList();
const rollouts = new Rollouts();
let onPage: OpenDashboard | null = null;
let settings: Partial<Settings> = {};
let begun = false;
let shownStatus: string | undefined;

definePlugin({
  async activate(_, host) {
    settings = await host.settings<Settings>();
  },
  // Only now may servers be asked: an instance that is about to take over draws its views before.
  async started(_, host) {
    begun = true;
    for (const screen of screens.values()) void loaded(screen, host);
    await follow(host);
  },
  async onSettings({ values, changed }, host) {
    settings = values as Partial<Settings>;
    list.forget();
    if (onPage) onPage = new OpenDashboard(onPage.choice);
    for (const screen of screens.values()) {
      if (screen.tab) screen.tab = new ObjectTab(screen.tab.object, screen.tab.choice);
      void loaded(screen, host);
    }
    if (changed.some((name) => name === "annotateRollouts" || name === "rolloutNamespace")) await follow(host);
  },
  pages: {
    [page]: ({ instance, width }, host) => drawn(screenOf(instance, width, null), host),
  },
  tabs: {
    "lazyoc.grafana.deployment": ({ instance, width, object }, host) => drawn(screenOf(instance, width, object), host),
    "lazyoc.grafana.pod": ({ instance, width, object }, host) => drawn(screenOf(instance, width, object), host),
  },
  actions: {
    "lazyoc.grafana.annotate": annotateByHand,
  },
  commands: {
    "lazyoc.grafana.open": (_, host) => host.ui.open(page),
  },
  onInput,
  async onTimer({ id }, host) {
    if (id === rolloutsTimer) return post(host);
    const screen = screens.get(id);
    if (!screen || ++screen.refreshes > refreshesAlone) return stopped(id, host);
    void loaded(screen, host, "all");
  },
  async onWatch(message, host) {
    if (rollouts.apply(message, Date.parse((await host.info()).now), settings)) await post(host);
    else await showStatus(host);
  },
  dehydrate: (): Json => ({
    question: list.question,
    onPage: onPage?.choice ?? null,
    screens: [...screens.values()].map(({ instance, width, tab }) => ({ instance, width, object: tab && { ...tab.object }, choice: tab?.choice ?? null })),
    kinds: Object.fromEntries(lastOfKind),
    rollouts: rollouts.keep(),
    turns: countedTurns(),
  }),
  hydrate(state) {
    const kept = state as unknown as { question: Question; onPage: Choice | null; screens: { instance: string; width: number; object: ObjectReference | null; choice: Choice | null }[]; kinds: Record<string, Choice>; rollouts: KeptRollouts; turns?: number };
    list.question = kept.question;
    onPage = kept.onPage && new OpenDashboard(kept.onPage);
    for (const [kind, choice] of Object.entries(kept.kinds)) lastOfKind.set(kind, choice);
    for (const { instance, width, object, choice } of kept.screens) screens.set(instance, { instance, width, tab: object && new ObjectTab(object, choice ?? undefined), refreshes: 0, timerMs: 0 });
    rollouts.restore(kept.rollouts);
    restoreTurns(kept.turns ?? 0);
  },
});

function screenOf(instance: string, width: number, object: ObjectReference | null): Screen {
  const screen = screens.get(instance) ?? { instance, width, tab: object && new ObjectTab(object, lastOfKind.get(object.kind)), refreshes: 0, timerMs: 0 };
  screen.width = width;
  screens.delete(instance);
  screens.set(instance, screen);
  if (screens.size > rememberedViews) screens.delete(screens.keys().next().value!);
  return screen;
}

/** Shows what is there in time, and the rest as it comes. */
async function drawn(screen: Screen, host: Host, anew?: Anew): Promise<ViewNode> {
  const { message } = host;
  const deadlineMs = Math.min(message.deadlineMs, message.type === "input" ? patienceMs.input : patienceMs.render);
  if (Grafana.of(settings) && begun) await within({ ...message, deadlineMs }, loaded(screen, host, anew));
  return view(screen);
}

function view(screen: Screen): ViewNode {
  const grafana = Grafana.of(settings);
  if (!grafana) return markdown(unset);
  if (screen.tab) return screen.tab.view(screen.tab.open?.linkOf(grafana) ?? "");
  return onPage ? onPage.view([button("back", "Back")], onPage.linkOf(grafana)) : list.view();
}

/** Loads what a view shows and draws it again whenever more has come; it never rejects. */
async function loaded(screen: Screen, host: Host, anew?: Anew): Promise<void> {
  const grafana = Grafana.of(settings);
  if (!grafana) return;
  let due = false;
  const repaint = () => {
    due = false;
    void host.ui.update(screen.instance, view(screen)).catch((refused: HostError) => {
      // The view may be closed by then, which is nobody's fault.
      if (refused.code === "not-found") closed(screen, host);
      else console.error(`the view was not taken: ${refused.message}`);
    });
  };
  const changed = () => {
    if (due) return;
    due = true;
    setTimeout(repaint, repaintMs);
  };
  if (screen.tab) await screen.tab.load(host, grafana, settings);
  const open = screen.tab ? screen.tab.open : onPage;
  if (open) await open.load(host, grafana, settings.annotationTag ?? "", screen.width, changed, anew);
  else if (!screen.tab) await list.load(host, grafana);
  changed();
  setTimeout(repaint, settledMs);
  await schedule(screen, open?.refreshMs ?? 0, host);
}

async function schedule(screen: Screen, ms: number, host: Host): Promise<void> {
  if (ms === screen.timerMs || !screens.has(screen.instance)) return;
  screen.timerMs = ms;
  if (ms > 0) await host.timers.set(screen.instance, ms, { repeat: true });
  else await stopped(screen.instance, host);
}

function closed(screen: Screen, host: Host): void {
  screens.delete(screen.instance);
  if (screen.timerMs > 0) void stopped(screen.instance, host);
}

async function stopped(timer: string, host: Host): Promise<void> {
  const screen = screens.get(timer);
  if (screen) screen.timerMs = 0;
  await host.timers.clear(timer);
}

async function onInput(input: ViewInput, host: Host): Promise<ViewNode | null> {
  const [screen, grafana] = [screens.get(input.instance), Grafana.of(settings)];
  if (!screen || !grafana) return null;
  screen.refreshes = 0;
  if (screen.tab) return onTabInput(input, screen, screen.tab, grafana, host);
  if (onPage) {
    if (input.event === "press" && input.node === "back") {
      onPage = null;
      await schedule(screen, 0, host);
      return drawn(screen, host);
    }
    return onDashboardInput(input, screen, onPage, grafana, host);
  }
  if (input.event === "submit") list.ask(input.values);
  else if (input.event === "press" && input.node === "next") list.turn(1);
  else if (input.event === "press" && input.node === "previous") list.turn(-1);
  else if (input.event === "activate") onPage = new OpenDashboard(choiceOf(input.row));
  else if (input.event === "rowAction") {
    await (input.action === "browse" ? browse : copy)(new OpenDashboard(choiceOf(input.row)).linkOf(grafana), host);
    return null;
  }
  return drawn(screen, host);
}

async function onTabInput(input: ViewInput, screen: Screen, tab: ObjectTab, grafana: Grafana, host: Host): Promise<ViewNode | null> {
  if (input.event === "press" && input.node.startsWith("dash-")) {
    tab.choose(input.node.slice("dash-".length), settings);
    return remembered(screen, tab, await drawn(screen, host));
  }
  return tab.open ? remembered(screen, tab, await onDashboardInput(input, screen, tab.open, grafana, host)) : drawn(screen, host);
}

function remembered<T>({ tab }: Screen, { object }: ObjectTab, result: T): T {
  const choice = tab?.generalChoice(settings);
  if (choice) lastOfKind.set(object.kind, choice);
  return result;
}

async function onDashboardInput(input: ViewInput, screen: Screen, open: OpenDashboard, grafana: Grafana, host: Host): Promise<ViewNode | null> {
  if (input.event !== "press") return null;
  switch (input.node) {
    case "refresh":
      open.reload();
      return drawn(screen, host, "all");
    case "browse":
      await browse(open.linkOf(grafana), host);
      return null;
    case "link":
      await copy(open.linkOf(grafana), host);
      return null;
    case "choose": {
      const values = await host.ui.prompt("Range and variables", open.fields());
      if (!values) return null;
      open.choose(values);
      return drawn(screen, host, "all");
    }
    default:
      return open.toggle(input.node) ? drawn(screen, host, "missing") : null;
  }
}

/** Where there is no browser, as over SSH, the address goes where it can be pasted from. */
async function browse(link: string, host: Host): Promise<void> {
  try {
    await host.ui.browse(link);
  } catch (refused) {
    if ((refused as HostError).code !== "unavailable") throw refused;
    await copy(link, host);
  }
}

async function copy(link: string, host: Host): Promise<void> {
  try {
    await host.clipboard.write(link);
    await host.ui.notify("The address is on the clipboard: paste it into your browser", "ok");
  } catch {
    await host.ui.notify(link, "info");
  }
}

async function annotateByHand({ objects, inputs = {} }: ActionRequest, host: Host): Promise<void> {
  const grafana = Grafana.of(settings);
  if (!grafana) return host.ui.notify("No Grafana is set: set `tokenUrl` and `token` in the settings of this plugin", "warn");
  const names = objects.map(({ namespace = "", name }) => `${namespace}/${name}`);
  const [words, dashboard] = [String(inputs["text"] ?? ""), String(inputs["dashboard"] ?? "")];
  const now = Date.parse((await host.info()).now);
  const time = now - Number(inputs["minutes"] ?? 0) * 60_000;
  if (!(await host.ui.confirm(`Annotate ${names.join(", ")} at ${grafana.url}${dashboard === "" ? ", for every dashboard that shows these tags" : `, on the dashboard ${dashboard}`}: ${words}`, "caution"))) return;
  const tags = [...new Set([...(settings.annotationTag ? [settings.annotationTag] : []), ...itemsOf(String(inputs["tags"] ?? "")), ...objects.flatMap(({ namespace = "", name }) => [`namespace:${namespace}`, `deployment:${name}`])])];
  try {
    await annotate(host, grafana, { time, text: words, tags, ...(dashboard !== "" && { dashboardUID: dashboard }) });
    await host.ui.notify("The annotation is in Grafana", "ok");
    for (const screen of screens.values()) void loaded(screen, host, "all");
  } catch (failed) {
    await host.ui.notify(`The annotation was not made: ${(failed as Error).message}`, "error");
  }
}

/** Follows deployments while the setting says so. */
async function follow(host: Host): Promise<void> {
  const { annotateRollouts = false, rolloutNamespace = "" } = settings;
  if (!annotateRollouts) await rollouts.stop(host);
  else await rollouts.start(host, rolloutNamespace);
  await showStatus(host);
}

async function post(host: Host): Promise<void> {
  const grafana = Grafana.of(settings);
  if (grafana) await rollouts.post(host, grafana, Date.parse((await host.info()).now));
  if (rollouts.isWaiting) await host.timers.set(rolloutsTimer, rolloutsMs);
  await showStatus(host);
}

async function showStatus(host: Host): Promise<void> {
  const words = rollouts.summary;
  if (words === shownStatus) return;
  shownStatus = words;
  await host.ui.status("lazyoc.grafana.status", words, rollouts.isInTrouble ? "warn" : "muted");
}

