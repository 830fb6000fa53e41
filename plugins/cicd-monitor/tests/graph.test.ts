import { expect, test } from "@lazyoc/plugin/testing";
import type { Task } from "../src/details/detail.js";
import { inOrder } from "../src/details/graph.js";

const task = (name: string, ...after: string[]): Task => ({ name, after, state: "waiting", note: "", started: null, ended: null, steps: [] });
const placed = (...tasks: Task[]) => inOrder(tasks).map(({ name, level, isCyclic }) => `${name} ${isCyclic ? "circle" : level}`);

test("graph: tasks stand behind all that they wait for", () => {
  expect(placed(task("deploy", "build", "lint"), task("build", "clone"), task("lint", "clone"), task("clone"), task("sign", "build"))).toEqual(["clone 0", "build 1", "lint 1", "deploy 2", "sign 2"]);
});

test("graph: those that wait for themselves come last and hold up nobody else", () => {
  expect(placed(task("a", "b"), task("b", "c"), task("c", "a"), task("alone", "alone"), task("behind", "a"), task("free"), task("next", "free"))).toEqual(["free 0", "next 1", "a circle", "b circle", "c circle", "alone circle", "behind circle"]);
});

test("graph: names that nobody has, or several have, are no trouble", () => {
  expect(placed(task("a", "nowhere", "", "a b"), task("twice"), task("twice", "a"), task("last", "twice"))).toEqual(["a 0", "twice 0", "twice 1", "last 1"]);
});

test("graph: thousands of tasks in one chain are put in order", () => {
  const chain = Array.from({ length: 5_000 }, (_, i) => task(`t${i}`, ...(i > 0 ? [`t${i - 1}`] : []))).reverse();
  expect(inOrder(chain).at(-1)!.level).toBe(4_999);
});
