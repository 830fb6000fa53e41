import type { Cell, TextStyle } from "@lazyoc/plugin";

/** What the score is computed from: the column's `compute` paths, in order. */
export interface PodSigns {
  phase: string;
  /** One per container. */
  ready: boolean[];
  /** One per container. */
  restarts: number[];
}

/** Reads the values of the column's paths; JSONPath gives several matches separated by spaces. */
export function signsOf(values: (string | null)[]): PodSigns {
  const [phase, ready, restarts] = values;
  return {
    phase: phase ?? "Unknown",
    ready: words(ready).map((word) => word === "true"),
    restarts: words(restarts).map(Number),
  };
}

function words(value: string | null | undefined): string[] {
  return value ? value.split(/[\s,]+/).filter((word) => word.length > 0) : [];
}

/** From 0 (dead) to 100 (nothing to see): readiness counts most, then restarts, which weigh less the more there are. */
export function score({ phase, ready, restarts }: PodSigns): number {
  if (phase === "Succeeded") return 100;
  if (phase === "Failed") return 0;
  const readyShare = ready.length === 0 ? 0 : ready.filter(Boolean).length / ready.length;
  const total = restarts.reduce((sum, n) => sum + n, 0);
  return Math.round(100 * (0.4 + 0.6 * readyShare) * (1 / (1 + Math.log10(1 + total) / 2)));
}

export function styleOf(points: number): TextStyle {
  return points >= 80 ? "ok" : points >= 50 ? "warn" : "error";
}

/** Five dots and the number, so that it reads without colour. */
export function cellOf(signs: PodSigns): Cell {
  const points = score(signs);
  const dots = Math.round(points / 20);
  return { text: `${"●".repeat(dots)}${"○".repeat(5 - dots)} ${points}`, style: styleOf(points), sort: points };
}
