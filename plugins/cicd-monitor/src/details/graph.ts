import type { Placed, Task } from "./detail.js";

/** Tasks behind all that they wait for. Those that wait for themselves come last; a name that no task has is waited for by nobody. */
export function inOrder(tasks: readonly Task[]): Placed[] {
  const indexOf = new Map<string, number>();
  for (const [i, { name }] of tasks.entries()) if (!indexOf.has(name)) indexOf.set(name, i);
  const needs = tasks.map(({ after }) => new Set(after.map((name) => indexOf.get(name)).filter((i) => i !== undefined)));
  const dependants = tasks.map((): number[] => []);
  for (const [i, needed] of needs.entries()) for (const need of needed) dependants[need]!.push(i);

  const level = tasks.map(() => 0);
  const open = needs.map(({ size }) => size);
  const free = tasks.flatMap((_, i) => (open[i] === 0 ? [i] : []));
  for (let at = 0; at < free.length; at++) {
    for (const next of dependants[free[at]!]!) {
      level[next] = Math.max(level[next]!, level[free[at]!]! + 1);
      if (--open[next]! === 0) free.push(next);
    }
  }
  const placed = free.map((i): Placed => ({ ...tasks[i]!, level: level[i]!, isCyclic: false }));
  // A level at a time, and within it as the author wrote them.
  placed.sort((a, b) => a.level - b.level || indexOf.get(a.name)! - indexOf.get(b.name)!);
  const cyclic = tasks.flatMap((task, i): Placed[] => (open[i]! > 0 ? [{ ...task, level: 0, isCyclic: true }] : []));
  return [...placed, ...cyclic];
}
