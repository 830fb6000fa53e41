import { button, empty, type Span, span, sparkline, stack, table, text, type TableRow, type ViewNode } from "@lazyoc/plugin";
import type { Detail, Placed, Step } from "../details/detail.js";
import type { StepLog } from "../log.js";
import { type Line, usualDuration } from "../runs/board.js";
import { duration, isOpen, type Run, type State } from "../runs/run.js";
import { bar, marks, stateSpan, took } from "./format.js";

/** Cells of the bars, as a share of the view; and what is left out of a narrow view. */
const barShare = 0.22;
const leastBar = 8;
const widestBar = 48;
const narrow = 70;

/** Levels that are set in; deeper ones stand below each other. */
const deepest = 12;

/** Runs of a line in the line of durations. */
const marksShown = 30;

export interface Focus {
  task: Placed;
  step?: Step;
}

/** What the user has opened, otherwise what is likely to be looked for: what failed, what runs, what came last. */
export function focusOf({ tasks }: Detail, chosen: string | undefined): Focus | undefined {
  const opened = tasks.find((task, i) => rowId(i) === chosen || task.steps.some(({ id }) => id === chosen));
  const task = opened ?? telling(tasks.filter(({ steps }) => steps.length > 0));
  if (!task) return undefined;
  const step = task.steps.find(({ id }) => id === chosen) ?? telling(task.steps);
  return { task, ...(step && { step }) };
}

function telling<T extends { state: State; started: number | null }>(parts: readonly T[]): T | undefined {
  return parts.find(({ state }) => state === "failed") ?? parts.find(({ state }) => state === "running") ?? parts.findLast(({ started }) => started !== null) ?? parts.at(-1);
}

/** The tab of a run: how it fares, the graph of its tasks, the log of a step, and the runs before it. */
export function runView(detail: Detail, focus: Focus | undefined, log: StepLog | undefined, line: Line | undefined, now: number, width: number): ViewNode {
  const { run, remarks } = detail;
  const before = (line?.runs ?? []).filter(({ id }) => id !== run.id);
  return stack(
    [
      stack([heading(run, before, now), ...(run.why ? [text(span(run.why, run.state === "failed" ? "error" : "muted"))] : []), ...remarks.map((remark) => text(span(remark, remark.startsWith("▲") ? "warn" : "muted")))]),
      ...progress(run, before, now),
      buttons(run),
      detail.tasks.length === 0 ? empty(run.system === "application" ? "Argo CD has told of no resources of it yet" : "Its tasks are not known yet") : taskTable(detail, focus, now, width),
      ...history(line, now),
      ...(log && focus?.step ? [logView(log, focus.task, focus.step)] : []),
    ],
    1,
  );
}

function heading(run: Run, before: readonly Run[], now: number): ViewNode {
  const usual = usualDuration(before);
  const words: Span[] = [stateSpan(run.state), span(`  ${run.object.name}`, "strong")];
  if (run.line !== run.object.name) words.push(span(` of ${run.line}`, "muted"));
  const began = run.started ?? run.created;
  if (began !== null) words.push(span(`  began ${new Date(began).toISOString().slice(0, 16).replace("T", " ")} UTC`, "muted"));
  const lasted = duration(run, now);
  if (lasted !== null && !isOpen(run)) words.push(span(`  took ${took(lasted)}`), ...(usual === null ? [] : [span(`, usually ~${took(usual)}`, "muted")]));
  return text(...words);
}

function progress(run: Run, before: readonly Run[], now: number): ViewNode[] {
  if (run.state !== "running") return [];
  const [lasted, usual] = [duration(run, now), usualDuration(before)];
  if (lasted === null || usual === null || usual === 0) return [];
  return [{ type: "progress", value: Math.min(1, lasted / usual), label: lasted <= usual ? `${took(lasted)} of ~${took(usual)}` : `${took(lasted)}, longer than the usual ~${took(usual)}` }];
}

function buttons(run: Run): ViewNode {
  const shown = run.system === "application" ? [button("sync", "Sync", { style: "accent" }), button("refresh", "Refresh")] : [button("rerun", "Run again", { style: "accent" })];
  return { type: "columns", children: [...shown, ...(isOpen(run) ? [button("cancel", "Cancel", { style: "warn" })] : [])] };
}

function taskTable({ run, tasks }: Detail, focus: Focus | undefined, now: number, width: number): ViewNode {
  const isApplication = run.system === "application";
  const cells = Math.min(widestBar, Math.max(leastBar, Math.floor(width * barShare)));
  const times = tasks.flatMap(({ started, ended, steps }) => [started, ended, ...steps.flatMap((step) => [step.started, step.ended])]).filter((time) => time !== null);
  const hasTimes = !isApplication && times.length > 0;
  const from = Math.min(run.started ?? Infinity, ...times);
  const to = Math.max(run.ended ?? (isOpen(run) ? now : 0), ...times);
  const hasAfter = run.system === "pipeline" && width >= narrow && tasks.some(({ after }) => after.length > 0);
  const timed = (part: { started: number | null; ended: number | null }) => (hasTimes ? [span(took(duration(part, now))), span(bar(part, from, to, now, cells), "accent")] : []);
  const rows = tasks.flatMap((task, i): TableRow[] => [
    {
      id: rowId(i),
      cells: [
        stateSpan(task.state),
        span(`${"  ".repeat(Math.min(deepest, task.level))}${task.name}`, "strong"),
        ...(hasAfter ? [span(task.isCyclic ? "itself, in a circle" : task.after.join(", "), task.isCyclic ? "warn" : "muted")] : []),
        ...timed(task),
        span(task.note, "muted"),
      ],
    },
    ...(task === focus?.task ? task.steps : []).map((step): TableRow => ({
      id: step.id,
      cells: [
        stateSpan(step.state),
        span(`${"  ".repeat(Math.min(deepest, task.level) + 1)}${step === focus?.step ? "▸ " : "· "}${step.name}`),
        ...(hasAfter ? [span("")] : []),
        ...timed(step),
        span(step.note, "muted"),
      ],
    })),
  ]);
  const first = isApplication ? "RESOURCE" : run.system === "build" ? "STAGE" : "TASK";
  return table(["STATE", first, ...(hasAfter ? ["AFTER"] : []), ...(hasTimes ? [{ title: "TOOK", align: "end" as const }, "WHEN"] : []), "NOTE"], rows, { id: "tasks", selectable: !isApplication });
}

function logView(log: StepLog, task: Placed, step: Step): ViewNode {
  const title = text(span(`Log of ${task.name}, ${step.name}`, "strong"), span(`  pod ${log.place.pod}`, "muted"), span(log.isLive ? "  ● live" : "", "accent"));
  if (log.failure !== null) return stack([title, empty(log.failure)]);
  return stack([title, log.text === "" ? empty(log.isLive ? "Nothing yet" : "It has written nothing") : { type: "code", content: log.text, language: "log" }]);
}

function history(line: Line | undefined, now: number): ViewNode[] {
  if (!line || line.runs.length < 2) return [];
  const durations = line.runs.slice(0, marksShown).reverse().map((run) => duration(run, now));
  return [
    stack([
      text(span(`Latest runs of ${line.name}  `, "strong"), span(marks(line.runs, marksShown))),
      sparkline("How long they took", durations.map((lasted) => (lasted === null ? null : Math.round(lasted / 1000))), { unit: "s" }),
    ]),
  ];
}

function rowId(index: number): string {
  return `task ${index}`;
}
