import { span, stack, table, tabs, text, type TableRow, type ViewNode } from "@lazyoc/plugin";
import { type Board, count, type Line, usualDuration } from "../runs/board.js";
import { beginning, duration, isOpen, kinds, type Run, stateNames, states, type System } from "../runs/run.js";
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

export interface Surroundings {
  now: number;
  served: ReadonlySet<System>;
  failures: ReadonlyMap<System, string>;
  namespaces: readonly string[];
}

/** The board: a row for each line, and all runs behind it. */
export function boardView(board: Board, { now, served, failures, namespaces }: Surroundings): ViewNode {
  const lines = board.lines();
  const runs = board.runs();
  const spaces = new Set(lines.map(({ namespace }) => namespace));
  return stack(
    [
      summary(lines, namespaces),
      ...[...failures].map(([system, reason]) => text(span(`▲ ${kinds[system].title}: `, "warn"), span(`is not watched: ${reason}`, "muted"))),
      ...(board.leftOut > 0 ? [text(span(`▲ There are more lines than the ${lines.length} shown: name namespaces in the settings`, "warn"))] : []),
      lines.length === 0
        ? { type: "empty", message: nothing(served) }
        : tabs(
            [
              { id: "lines", title: `Board ${lines.length}`, content: lineTable(lines.slice(0, rowsShown), now, spaces.size > 1) },
              { id: "runs", title: `Runs ${runs.length}`, content: runTable(runs.slice(0, rowsShown), now, spaces.size > 1) },
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
  if (told.length === 0) return { words: "CI ✓", style: "muted" };
  return { words: `CI ${told.map((state) => `${states[state].mark}${counts.get(state)!}`).join(" ")}`, style: counts.has("failed") ? "error" : counts.has("running") ? "accent" : "warn" };
}

function lineTable(lines: readonly Line[], now: number, hasNamespaces: boolean): ViewNode {
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
          span(latest.why, latest.state === "failed" ? "plain" : "muted"),
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

function runTable(runs: readonly Run[], now: number, hasNamespaces: boolean): ViewNode {
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
        span(run.why, "muted"),
      ],
    })),
    { id: "runs", selectable: true, rowActions },
  );
}
