import { expect, ref, test } from "@lazyoc/plugin/testing";
import { applicationRuns } from "../src/runs/applications.js";
import { Board, usualDuration } from "../src/runs/board.js";
import { buildRuns } from "../src/runs/builds.js";
import { Failures } from "../src/runs/failures.js";
import type { Run } from "../src/runs/run.js";
import { pipelineRuns, taskRuns } from "../src/runs/tekton.js";
import { textOf, timeOf, withoutControls } from "../src/runs/values.js";
import { bar, took } from "../src/views/format.js";

const object = (name: string) => ({ ...ref("tekton.dev/PipelineRun", name, "shop"), uid: name });
const second = 1_000;

const run = (name: string, began: number, state: Run["state"] = "succeeded", line = "line"): Run => ({ id: name, system: "pipeline", object: object(name), line, state, why: "", created: began, started: began, ended: began + 10 * second });

test("runs: whatever fields hold, a run comes of it", () => {
  const absurd = [undefined, null, "", "x", 7, true, [], {}, [null], { type: 3 }, "9999-99-99T00:00:00Z", "-271821-04-20T00:00:00Z", { "__proto__": 1 }, "\u001b[2Jboo\u0000"];
  const paths = [".status.phase", ".status.conditions", ".metadata.labels", ".metadata.creationTimestamp", ".metadata.generateName", ".spec.pipelineRef.name", ".status.startTime", ".status.startTimestamp", ".status.history", ".status.health", ".status.operationState.startedAt", ".status.operationState.phase"];
  for (const value of absurd)
    for (const read of [buildRuns, pipelineRuns, taskRuns, applicationRuns])
      for (const one of read(object("a"), Object.fromEntries(paths.map((path) => [path, value])))) {
        expect(one.line === "").toBe(false);
        expect(/[\u0000-\u001f]/.test(one.why + one.line)).toBe(false);
      }
});

test("runs: times that make no sense are none", () => {
  expect(timeOf("0001-01-01T00:00:00Z")).toBe(null);
  expect(timeOf("2999-01-01T00:00:00Z")).toBe(null);
  expect(timeOf("2026-01-15T09:30:00Z")).toBe(Date.UTC(2026, 0, 15, 9, 30));
  expect([took(null), took(0), took(59_400), took(125 * second), took(3_600_000 * 3), took(86_400_000 * 4)].join(" ")).toBe(" 0s 59s 2m05s 3h00m 4d00h");
  // It ends before it begins, begins after all others, and has not begun.
  expect([bar({ started: 90, ended: 10 }, 0, 100, 100, 10), bar({ started: 500, ended: 600 }, 0, 100, 100, 10), bar({ started: null, ended: 5 }, 0, 100, 100, 10)]).toEqual(["", "         ━", ""]);
});

test("runs: text has no colours and no characters that a terminal obeys", () => {
  expect(withoutControls("\u001b[31mred\u001b[0m \u001b]0;title\u0007plain\u0007")).toBe("red plain ");
  expect(textOf("one\n\ttwo\u202e")).toBe("one two");
  expect(textOf("x".repeat(5_000)).length).toBe(300);
});

test("runs: of thousands the newest of each line are kept", () => {
  const board = new Board();
  for (let i = 0; i < 3_000; i++) board.put(object(`r${i}`), [run(`r${i}`, ((i * 7_919) % 3_000) * second)]);
  for (let i = 0; i < 700; i++) board.put(object(`other${i}`), [run(`other${i}`, i, "succeeded", `line ${i}`)]);
  const lines = board.lines();
  expect(lines.length).toBe(500);
  expect(board.leftOut).toBe(201);
  expect(board.line(JSON.stringify(["pipeline", "shop", "line"]))!.runs.map(({ started }) => started! / second)).toEqual([2999, 2998, 2997, 2996, 2995, 2994, 2993, 2992, 2991, 2990]);
  // What is not kept may go, and come back, without harm.
  board.remove(object("r1"));
  board.put(object("r2"), [run("r2", 5_000 * second, "failed")]);
  expect(board.lines()[0]!.runs[0]!.id).toBe("r2");
});

test("runs: what a watch tells anew takes the place of what it told before", () => {
  const board = new Board();
  board.put(object("stays"), [run("stays", 1)]);
  board.put(object("goes"), [run("goes", 2)]);
  board.expectAnew("pipeline", "shop");
  board.put(object("stays"), [run("stays", 1, "failed")]);
  expect(board.runs().length).toBe(2);
  board.toldAnew("pipeline", "shop");
  expect(board.runs().map(({ id, state }) => `${id} ${state}`)).toEqual(["stays failed"]);
});

test("runs: a usual duration is the median of those that succeeded", () => {
  const lasting = (seconds: number, state: Run["state"] = "succeeded") => ({ ...run("r", 0, state), ended: seconds * second });
  expect(usualDuration([lasting(10), lasting(900, "failed"), lasting(30), lasting(20)])).toBe(20 * second);
  expect(usualDuration([lasting(10), lasting(900, "failed")])).toBe(null);
});

test("runs: each failure is news once, and what is old never", () => {
  const failures = new Failures();
  const broken = run("a", 1_000 * second, "failed");
  expect(failures.isNews(broken, null)).toBe(false);
  expect(failures.isNews(broken, undefined)).toBe(false);
  expect(failures.isNews(run("b", 0, "failed"), undefined)).toBe(true);
  expect(failures.isNews(run("b", 0, "failed"), undefined)).toBe(false);
  // The next instance knows what this one knew, and is told of what failed in between.
  const next = new Failures();
  next.restore(failures.keep());
  const swapped = 10_000 * second;
  expect(next.isNews(run("b", 9_999 * second, "failed"), swapped)).toBe(false);
  expect(next.isNews(run("c", 9_999 * second, "failed"), swapped)).toBe(true);
  expect(next.isNews(run("long ago", 0, "failed"), swapped)).toBe(false);
});

test("runs: an application that falls ill again is news again", () => {
  const failures = new Failures();
  const health = (status: string) => applicationRuns(object("app"), { ".status.health": { status }, ".status.sync.status": "Synced" })[0]!;
  expect([health("Degraded"), health("Degraded"), health("Healthy"), health("Degraded")].map((one) => failures.isNews(one, undefined))).toEqual([true, false, false, true]);
});
