/** Times as Grafana writes them: `now-6h`, `now/d`, RFC 3339, milliseconds since 1970. */

/** From when to when, in milliseconds since 1970. */
export interface Window {
  from: number;
  to: number;
}

export type TimeRange = {
  from: string;
  to: string;
};

const unitMs: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000, M: 2_592_000_000, y: 31_536_000_000 };

/** Ranges to choose from, by how they begin. */
export const ranges: Record<string, string> = {
  "now-5m": "last 5 minutes", "now-15m": "last 15 minutes", "now-30m": "last 30 minutes", "now-1h": "last hour", "now-3h": "last 3 hours", "now-6h": "last 6 hours",
  "now-12h": "last 12 hours", "now-24h": "last 24 hours", "now-2d": "last 2 days", "now-7d": "last 7 days", "now-30d": "last 30 days",
};

/** Shortest and longest range that is asked for. */
const leastMs = 1_000;
const longestMs = 5 * unitMs["y"]!;

/** The range that is meant when a dashboard names none, or none that can be read. */
export const usualRange: TimeRange = { from: "now-6h", to: "now" };

export function windowOf(range: TimeRange, now: number): Window {
  const to = momentOf(range.to, now, true);
  const from = momentOf(range.from, now, false);
  return from === null || to === null || to - from < leastMs || to - from > longestMs ? { from: now - unitMs["h"]! * 6, to: now } : { from, to };
}

export function titleOf({ from, to }: TimeRange): string {
  return to === "now" && ranges[from] !== undefined ? ranges[from] : to === "now" && from.startsWith("now-") ? `last ${from.slice(4)}` : `${from} to ${to}`;
}

/** Milliseconds of `30s`, `1m`, `>10s`; undefined of anything else. */
export function durationMs(text: string): number | undefined {
  const [, amount, unit] = /^>?\s*(\d+(?:\.\d+)?)(ms|[smhdwMy])$/.exec(text.trim()) ?? [];
  return amount === undefined ? undefined : Number(amount) * unitMs[unit!]!;
}

/** `90s` as `1m30s` is written by nobody: the largest unit that fits whole. */
export function durationText(ms: number): string {
  for (const unit of ["d", "h", "m", "s"]) if (ms >= unitMs[unit]! && ms % unitMs[unit]! === 0) return `${ms / unitMs[unit]!}${unit}`;
  return `${Math.round(ms)}ms`;
}

const steps = [1, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 15_000, 20_000, 30_000, 60_000, 120_000, 300_000, 600_000, 900_000, 1_800_000, 3_600_000, 7_200_000, 10_800_000, 21_600_000, 43_200_000, 86_400_000, 604_800_000];

/** The step that gives at most so many points, and is not below the least. */
export function intervalMs({ from, to }: Window, points: number, least: number): number {
  const exact = Math.max((to - from) / points, least, 1);
  return steps.find((step) => step >= exact) ?? Math.ceil(exact / 604_800_000) * 604_800_000;
}

/** `2026-01-15 09:30:00`, UTC as everywhere in this plugin. */
export function timeText(ms: number): string {
  return Number.isFinite(ms) && Math.abs(ms) <= 8.64e15 ? new Date(ms).toISOString().slice(0, 19).replace("T", " ") : "-";
}

/** The two ends of a window as short as can be: without the day when it is the same. */
export function windowText({ from, to }: Window): string {
  const [a, b] = [timeText(from), timeText(to)];
  return `${a.slice(0, 16)} to ${a.slice(0, 10) === b.slice(0, 10) ? b.slice(11, 16) : b.slice(0, 16)} UTC`;
}

function momentOf(text: string, now: number, isEnd: boolean): number | null {
  const [relative, sign, amount, unit, round] = /^now(?:([+-])(\d+)([smhdwMy]))?(?:\/([smhdwMy]))?$/.exec(text) ?? [];
  if (relative === undefined) {
    const at = /^\d{9,}$/.test(text) ? Number(text) : Date.parse(text);
    return Number.isFinite(at) ? at : null;
  }
  const moment = amount === undefined ? now : now + (sign === "-" ? -1 : 1) * Number(amount) * unitMs[unit!]!;
  return round === undefined ? moment : rounded(moment, round, isEnd);
}

/** The begin of the hour, day, week (on Monday), month or year that a moment is in, or the last millisecond of it. */
function rounded(moment: number, unit: string, isEnd: boolean): number {
  const date = new Date(moment);
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
  const weekday = (date.getUTCDay() + 6) % 7;
  const next = isEnd ? 1 : 0;
  const at =
    unit === "y" ? Date.UTC(year + next, 0)
    : unit === "M" ? Date.UTC(year, month + next)
    : unit === "w" ? Date.UTC(year, month, day - weekday + 7 * next)
    : unit === "d" ? Date.UTC(year, month, day + next)
    : (Math.floor(moment / unitMs[unit]!) + next) * unitMs[unit]!;
  return at - next;
}
