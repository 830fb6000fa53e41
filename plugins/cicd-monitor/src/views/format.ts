import { type Span, span } from "@lazyoc/plugin";
import { type Run, type State, states } from "../runs/run.js";

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** A state with its sign, and with a word where there is room for one. */
export function stateSpan(state: State, word = states[state].word): Span {
  return span(`${states[state].mark} ${word}`, states[state].style);
}

/** How long something takes: `8s`, `2m05s`, `3h20m`, `4d02h`. */
export function took(milliseconds: number | null): string {
  if (milliseconds === null) return "";
  const two = (value: number) => String(Math.floor(value)).padStart(2, "0");
  if (milliseconds < minute) return `${Math.round(milliseconds / second)}s`;
  if (milliseconds < hour) return `${Math.floor(milliseconds / minute)}m${two((milliseconds % minute) / second)}s`;
  if (milliseconds < day) return `${Math.floor(milliseconds / hour)}h${two((milliseconds % hour) / minute)}m`;
  return `${Math.floor(milliseconds / day)}d${two((milliseconds % day) / hour)}h`;
}

/** The latest runs as their signs, the newest last. */
export function marks(runs: readonly Run[], shown: number): string {
  return runs.slice(0, shown).reverse().map(({ state }) => states[state].mark).join("");
}

export function timeText(milliseconds: number | null): string {
  return milliseconds === null || milliseconds === 0 ? "" : new Date(milliseconds).toISOString();
}

/** When something went on, between two moments, as a bar over some cells. */
export function bar({ started, ended }: { started: number | null; ended: number | null }, from: number, to: number, now: number, cells: number): string {
  if (started === null || to <= from || started > (ended ?? now)) return "";
  const place = (time: number) => Math.min(cells, Math.max(0, ((time - from) / (to - from)) * cells));
  const first = Math.min(cells - 1, Math.floor(place(started)));
  const length = Math.max(1, Math.round(place(ended ?? now)) - first);
  return `${" ".repeat(first)}${"━".repeat(length - 1)}${ended === null ? "▸" : "━"}`;
}
