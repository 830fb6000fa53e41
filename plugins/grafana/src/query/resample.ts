/** Brings points of any number and spacing onto equal steps, as charts take them. */

/** Samples of a series in a chart; a terminal has no more columns for them. */
export const samplesDrawn = 100;

export interface Points {
  times: readonly (number | null)[];
  values: readonly (number | null)[];
}

/** How many samples serve all of these series: as many as the closest two points ask for. */
export function samplesFor(series: readonly Points[], from: number, to: number, most = samplesDrawn): number {
  const closest = Math.min(...series.map(({ times }) => spacing(times)));
  return Number.isFinite(closest) ? Math.min(most, Math.max(2, Math.round((to - from) / closest) + 1)) : 2;
}

/** The usual distance of two points: that of most of the first ones. */
function spacing(times: readonly (number | null)[]): number {
  const gaps: number[] = [];
  for (let i = 1; i < times.length && gaps.length < 50; i++) {
    const gap = (times[i] ?? NaN) - (times[i - 1] ?? NaN);
    if (gap > 0) gaps.push(gap);
  }
  return gaps.sort((a, b) => a - b)[Math.floor(gaps.length / 2)] ?? Infinity;
}

/**
 * Means of what falls together; between points that are further apart than samples a straight line, but not over a null nor,
 * when it is given, over more than `gapMs`.
 */
export function resample({ times, values }: Points, from: number, to: number, samples: number, gapMs = Infinity): (number | null)[] {
  const step = (to - from) / (samples - 1);
  const [sums, counts] = [new Float64Array(samples), new Uint32Array(samples)];
  const isGap = new Uint8Array(samples);
  for (let i = 0; i < values.length; i++) {
    const place = Math.round(((times[i] ?? NaN) - from) / step);
    if (!(place >= 0 && place < samples)) continue;
    const value = values[i];
    if (value === null || value === undefined) isGap[place] = 1;
    else {
      sums[place]! += value;
      counts[place]!++;
    }
  }
  const drawn = Array.from(sums, (sum, i) => (counts[i]! > 0 ? sum / counts[i]! : null));
  let last = -1;
  let broken = false;
  for (let i = 0; i < samples; i++) {
    const value = drawn[i]!;
    if (value === null) {
      broken ||= isGap[i] === 1;
      continue;
    }
    if (last >= 0 && !broken && (i - last) * step <= gapMs) for (let between = last + 1; between < i; between++) drawn[between] = drawn[last]! + ((value - drawn[last]!) * (between - last)) / (i - last);
    [last, broken] = [i, false];
  }
  return drawn;
}

/** A count with its thousands apart. */
export function counted(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** Few digits: a view has a limit, and nobody sees the others. */
export function short(value: number): number {
  return Number(value.toPrecision(6));
}
