import { definePlugin, type Host, type HostError, type Json, type ObjectReference, type RenderRequest, spinner, type ViewNode, type WatchMessage, within } from "@lazyoc/plugin";
import { type Change, change } from "./changes.js";
import { Failures } from "./runs/failures.js";
import { Board, hasOpen } from "./runs/board.js";
import { kinds, type Run, type System } from "./runs/run.js";
import { type Settings, namespacesOf, tellFailures } from "./notices.js";
import { Sources } from "./sources.js";
import { RunTabs } from "./tabs.js";
import { boardView, statusOf } from "./views/board.js";

const id = "lazyoc.cicd-monitor";

/** Changes are drawn at most so often, and what goes on is drawn so often when nothing changes. */
const drawMs = 500;
const tickMs = 5_000;

/** Changes that are taken in within a turn, which has little time. */
const changesInTurn = 200;

/** What cannot be watched is tried again after so long. */
const retryMs = 60_000;

/** Boards that are open; the oldest are forgotten. */
const maxBoards = 8;

const board = new Board();
const failures = new Failures();
const sources = new Sources();
const tabs = new RunTabs(board);
/** Boards that are open, each with its width. */
const boards = new Map<string, number>();
let ownNamespace = "";
/** Until when the instance before has looked. */
let lookedUntil: number | null = null;
/** Until it has taken over from the instance before it is told nothing, and no timer of it fires: it waits for neither. */
let isTakingOver = false;
let shownStatus: string | undefined;
let drawIsDue = false;
let taken: Promise<void> = Promise.resolve();

const ofRun = (request: RenderRequest, host: Host) => tabs.render(request, host);
const doing = (what: Change) => ({ objects }: { objects: ObjectReference[] }, host: Host) => change(what, objects, host);

definePlugin({
  async activate({ session }, host) {
    ownNamespace = session.namespace;
    board.kept = (await host.settings<Settings>()).runsKept ?? board.kept;
  },
  started: (_, host) => {
    isTakingOver = false;
    // Nobody waits for it: a cluster may take longer to answer than a message may.
    void watch(host).catch((failed: HostError) => console.error(`nothing is watched: ${failed.message}`));
  },
  async onSettings({ changed }, host) {
    const settings = await host.settings<Settings>();
    board.kept = settings.runsKept ?? board.kept;
    if (!changed.includes("namespaces") && !changed.includes("runsKept")) return;
    await sources.end(host);
    board.clear();
    lookedUntil = null;
    await watch(host);
  },
  pages: {
    "lazyoc.cicd-monitor.board": async ({ instance, width }, host) => {
      boards.delete(instance);
      boards.set(instance, width);
      if (boards.size > maxBoards) boards.delete(boards.keys().next().value!);
      // What could not be watched before, or was not installed, is looked for again.
      void watch(host).catch((failed: HostError) => console.error(`nothing is watched: ${failed.message}`));
      if (isTakingOver || "late" in (await within(host.message, sources.synced))) {
        void sources.synced.then(() => drawSoon(host)).catch((failed: HostError) => console.error(failed.message));
        // The instance before may have left something to show.
        if (board.lines().length === 0) return spinner("looking at builds, pipelines and applications");
      }
      return drawnBoard(width, host);
    },
  },
  tabs: { "lazyoc.cicd-monitor.build": ofRun, "lazyoc.cicd-monitor.pipeline": ofRun, "lazyoc.cicd-monitor.task": ofRun, "lazyoc.cicd-monitor.application": ofRun },
  actions: { "lazyoc.cicd-monitor.rerun": doing("rerun"), "lazyoc.cicd-monitor.cancel": doing("cancel"), "lazyoc.cicd-monitor.sync": doing("sync"), "lazyoc.cicd-monitor.refresh": doing("refresh") },
  commands: {
    "lazyoc.cicd-monitor.open": (_, host) => host.ui.open("lazyoc.cicd-monitor.board"),
  },
  async onInput(input, host): Promise<ViewNode | null> {
    if (input.object) return tabs.input(input, input.object, host);
    if (input.event !== "activate" && input.event !== "rowAction") return null;
    const run = input.node === "lines" ? board.line(input.row)?.runs[0] : board.runs().find(({ id }) => id === input.row);
    if (!run) await host.ui.notify("It is not there any more", "warn");
    else if (input.event === "rowAction") await change(input.action as Change, [run.object], host);
    else await host.ui.open(`${id}.${run.system}`, run.object);
    return null;
  },
  async onWatch(message, host) {
    if (tabs.takeLog(message)) return drawSoon(host);
    // In the order they were told, though one may take several turns.
    taken = taken.then(() => take(message, host)).catch((failed: HostError) => console.error(`a change was not taken in: ${failed.message}`));
    await taken;
  },
  async onTimer({ id: timer }, host) {
    if (timer === "retry") return watch(host);
    drawIsDue = false;
    await draw(host, timer === "tick");
  },
  async dehydrate(host): Promise<Json> {
    const { now } = await host.info();
    return { now, runs: board.keep(), failures: failures.keep(), chosen: tabs.keep() } satisfies Kept as unknown as Json;
  },
  hydrate(state) {
    const { now, runs, failures: known, chosen } = state as unknown as Kept;
    board.restore(runs);
    failures.restore(known);
    tabs.restore(chosen);
    lookedUntil = Date.parse(now);
    isTakingOver = true;
  },
});

async function take(message: WatchMessage, host: Host): Promise<void> {
  await sources.known;
  const news: Run[] = [];
  let count = 0;
  for (const { object, runs, since, parent } of sources.take(message, (system, namespace, isTold) => (isTold ? board.toldAnew(system, namespace) : board.expectAnew(system, namespace)))) {
    // A call of the host ends the turn.
    if (++count % changesInTurn === 0) await host.info();
    if (runs === null) board.remove(object);
    else board.put(object, runs);
    tabs.touch(parent ?? object);
    if (runs?.[0] && failures.isNews(runs[0], since)) news.push(runs[0]);
  }
  await drawSoon(host);
  await tellFailures(news, host);
}

interface Kept {
  now: string;
  runs: Run[];
  failures: string[];
  chosen: [string, string][];
}

async function watch(host: Host): Promise<void> {
  const settings = await host.settings<Settings>();
  const namespaces = namespacesOf(settings);
  if (lookedUntil !== null) for (const system of Object.keys(kinds) as System[]) board.expectAnew(system, undefined);
  const since = lookedUntil;
  lookedUntil = null;
  await sources.watch(host, namespaces, ownNamespace, since);
  if (sources.failures.size > 0) await host.timers.set("retry", retryMs);
  await drawSoon(host);
}

async function drawSoon(host: Host): Promise<void> {
  if (drawIsDue) return;
  drawIsDue = true;
  await host.timers.set("draw", drawMs);
}

/** Draws what is open; views that are closed are forgotten. */
async function draw(host: Host, isTick: boolean): Promise<void> {
  await showStatus(host);
  for (const [instance, width] of boards) {
    await host.ui.update(instance, await drawnBoard(width, host)).catch((failed: HostError) => {
      if (failed.code !== "not-found") throw failed;
      boards.delete(instance);
    });
  }
  await tabs.draw(host, isTick);
  if (boards.size + tabs.open > 0 && hasOpen(board.lines())) await host.timers.set("tick", tickMs);
}

async function drawnBoard(width: number, host: Host): Promise<ViewNode> {
  const [settings, { now }] = await Promise.all([host.settings<Settings>(), host.info()]);
  return boardView(board, { now: Date.parse(now), width, served: sources.served, failures: sources.failures, namespaces: namespacesOf(settings) });
}

async function showStatus(host: Host): Promise<void> {
  const { words, style } = statusOf(board.lines());
  if (words === shownStatus) return;
  shownStatus = words;
  await host.ui.status(`${id}.status`, words, style);
}
