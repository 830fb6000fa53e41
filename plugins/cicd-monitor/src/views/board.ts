import { span, stack, table, tabs, text, type TableRow, type ViewNode } from "@lazyoc/plugin";
import { type Board, count, type Line, usualDuration } from "../runs/board.js";
import { beginning, duration, isOpen, kinds, type Run, stateNames, states, type System } from "../runs/run.js";
import { textOf } from "../runs/values.js";
import { marks, stateSpan, timeText, took } from "./format.js";

/** Rows of a table. */
const rowsShown = 300;

/** Runs of a line whose signs are shown. */
const marksShown = 12;

const rowActions = [
  { id: "rerun", title: "Run again", key: "r" },
  { id: "cancel", title: "Cancel", key: "x" },
  { id: "sync", title: "Sync", key: "s" },
  { id: "refresh", title: "Refresh", key: "f" },
];

/** Cells of the columns before the reasons, which take what is left, but so much at least. */
const otherCells = 64;
const namespaceCells = 16;
const leastWhy = 18;

export interface Surroundings {
  now: number;
  width: number;
  served: ReadonlySet<System>;
  failures: ReadonlyMap<System, string>;
  namespaces: readonly string[];
}

interface Shown {
  now: number;
  hasNamespaces: boolean;
  whyCells: number;
}

/** The board: a row for each line, and all runs behind it. */
export function boardView(board: Board, { now, width, served, failures, namespaces }: Surroundings): ViewNode {
  const lines = board.lines();
  const runs = board.runs();
  const hasNamespaces = new Set(lines.map(({ namespace }) => namespace)).size > 1;
  const shown: Shown = { now, hasNamespaces, whyCells: Math.max(leastWhy, width - otherCells - (hasNamespaces ? namespaceCells : 0)) };
  return stack(
    [
      summary(lines, namespaces),
      ...[...failures].map(([system, reason]) => text(span(`▲ ${kinds[system].title}: `, "warn"), span(`is not watched: ${reason}`, "muted"))),
      ...(board.leftOut > 0 ? [text(span(`▲ There are more lines than the ${lines.length} shown: name namespaces in the settings`, "warn"))] : []),
      lines.length === 0
        ? { type: "empty", message: nothing(served) }
        : tabs(
            [
              { id: "lines", title: `Board ${lines.length}`, content: lineTable(lines.slice(0, rowsShown), shown) },
              { id: "runs", title: `Runs ${runs.length}`, content: runTable(runs.slice(0, rowsShown), shown) },
            ],
            { id: "parts" },
          ),
    ],
    1,
  );
}

function nothing(served: ReadonlySet<System>): string {
  return served.size === 0 ? "This cluster has no OpenShift builds, no Tekton and no Argo CD that you may look at" : `No ${[...served].map((system) => kinds[system].resource).join(", ")} here yet`;
}

function summary(lines: readonly Line[], namespaces: readonly string[]): ViewNode {
  const counts = count(lines);
  const parts = stateNames.filter((state) => counts.has(state)).flatMap((state) => [stateSpan(state, `${counts.get(state)!} ${states[state].word}`), span("   ")]);
  return text(...parts, span(namespaces.length === 0 ? "in all namespaces" : `in ${namespaces.join(", ")}`, "muted"));
}

/** What stands in the status bar: how many lines do not fare well. */
export function statusOf(lines: readonly Line[]): { words: string; style: "error" | "accent" | "warn" | "muted" } {
  const counts = count(lines);
  const told = (["failed", "running", "drifted"] as const).filter((state) => counts.has(state));
  if (lines.length === 0) return { words: "", style: "muted" };
  if (told.length === 0) return { words: "CI well", style: "muted" };
  return { words: `CI ${told.map((state) => `${counts.get(state)!} ${states[state].word}`).join(", ")}`, style: counts.has("failed") ? "error" : counts.has("running") ? "accent" : "warn" };
}

function lineTable(lines: readonly Line[], { now, hasNamespaces, whyCells }: Shown): ViewNode {
  return table(
    ["STATE", "WHAT", "NAME", ...(hasNamespaces ? ["NAMESPACE"] : []), { title: "SINCE", type: "age" as const }, { title: "TOOK", align: "end" as const }, "LATEST", "WHY"],
    lines.map(({ key, system, name, namespace, runs }): TableRow => {
      const latest = runs[0]!;
      return {
        id: key,
        cells: [
          stateSpan(latest.state),
          span(kinds[system].title, "muted"),
          span(name, "strong"),
          ...(hasNamespaces ? [span(namespace, "muted")] : []),
          span(timeText(latest.ended ?? beginning(latest)), "muted"),
          span(tookOf(latest, runs, now), isOpen(latest) ? "accent" : "plain"),
          span(marks(runs, marksShown), "muted"),
          span(textOf(latest.why, whyCells), latest.state === "failed" ? "plain" : "muted"),
        ],
      };
    }),
    { id: "lines", selectable: true, rowActions },
  );
}

/** How long the latest run took, and of one that goes on how long they usually take. */
function tookOf(latest: Run, runs: readonly Run[], now: number): string {
  const usual = latest.state === "running" ? usualDuration(runs.slice(1)) : null;
  return [took(duration(latest, now)), ...(usual === null ? [] : [`of ~${took(usual)}`])].join(" ");
}

function runTable(runs: readonly Run[], { now, hasNamespaces, whyCells }: Shown): ViewNode {
  return table(
    ["STATE", "WHAT", "RUN", "OF", ...(hasNamespaces ? ["NAMESPACE"] : []), { title: "BEGAN", type: "age" as const }, { title: "TOOK", align: "end" as const }, "WHY"],
    runs.map((run): TableRow => ({
      id: run.id,
      cells: [
        stateSpan(run.state),
        span(kinds[run.system].title, "muted"),
        span(run.object.name, "strong"),
        span(run.line === run.object.name ? "" : run.line, "muted"),
        ...(hasNamespaces ? [span(run.object.namespace ?? "", "muted")] : []),
        span(timeText(beginning(run)), "muted"),
        span(took(duration(run, now))),
        span(textOf(run.why, whyCells), "muted"),
      ],
    })),
    { id: "runs", selectable: true, rowActions },
  );
}
