/**
 * The shortest way from some lines to others, after E. W. Myers, "An O(ND) Difference Algorithm and Its Variations",
 * Algorithmica 1 (1986): greedy, with a bound on the edits.
 */

/** Edits up to which the shortest way is looked for; it takes memory by their square. Beyond, the middle is replaced as a whole. */
export const MAX_EDITS: i32 = 700;

export enum Edit {
  Keep,
  Remove,
  Add,
}

/** One line of a difference: where it stands among the old and the new lines, counted from 0. */
export class Step {
  constructor(
    readonly edit: Edit,
    readonly before: i32,
    readonly after: i32,
  ) {}
}

export class Difference {
  constructor(
    readonly steps: Step[],
    /** Whether the bound was reached: what is shown as replaced may have lines in common. */
    readonly isCoarse: bool,
  ) {}
}

/** Each distinct text as a number, so that lines are compared at once. */
export class Numbers {
  private readonly known: Map<string, i32> = new Map<string, i32>();

  of(texts: string[]): Int32Array {
    const numbers = new Int32Array(texts.length);
    for (let i = 0; i < texts.length; i++) {
      if (!this.known.has(texts[i])) this.known.set(texts[i], this.known.size);
      numbers[i] = this.known.get(texts[i]);
    }
    return numbers;
  }
}

export function differenceOf(before: Int32Array, after: Int32Array, maxEdits: i32 = MAX_EDITS): Difference {
  let start = 0;
  while (start < before.length && start < after.length && before[start] == after[start]) start++;
  let end = 0;
  while (end < before.length - start && end < after.length - start && before[before.length - 1 - end] == after[after.length - 1 - end]) end++;

  const steps: Step[] = [];
  for (let i = 0; i < start; i++) steps.push(new Step(Edit.Keep, i, i));
  const found = shortest(before.subarray(start, before.length - end), after.subarray(start, after.length - end), start, maxEdits, steps);
  if (!found) {
    for (let i = start; i < before.length - end; i++) steps.push(new Step(Edit.Remove, i, start));
    for (let i = start; i < after.length - end; i++) steps.push(new Step(Edit.Add, before.length - end, i));
  }
  for (let i = end; i > 0; i--) steps.push(new Step(Edit.Keep, before.length - i, after.length - i));
  return new Difference(steps, !found);
}

/** Adds the shortest way's steps; false, and none, when it has more edits than the bound. */
function shortest(a: Int32Array, b: Int32Array, offset: i32, maxEdits: i32, steps: Step[]): bool {
  // furthest[k + d] of each round d: how far into a one gets on diagonal k with d edits.
  const rounds: Int32Array[] = [];
  let edits = -1;
  for (let d = 0; d <= maxEdits && edits < 0; d++) {
    const reached = new Int32Array(2 * d + 1);
    for (let k = -d; k <= d; k += 2) {
      let x = d == 0 ? 0 : isAdded(rounds[d - 1], d, k) ? at(rounds[d - 1], d - 1, k + 1) : at(rounds[d - 1], d - 1, k - 1) + 1;
      while (x < a.length && x - k < b.length && x - k >= 0 && a[x] == b[x - k]) x++;
      reached[k + d] = x;
      if (x >= a.length && x - k >= b.length) edits = d;
    }
    rounds.push(reached);
  }
  if (edits < 0) return false;

  const reversed: Step[] = [];
  let x = a.length;
  let y = b.length;
  for (let d = edits; d > 0; d--) {
    const k = x - y;
    const added = isAdded(rounds[d - 1], d, k);
    const previous = added ? k + 1 : k - 1;
    const fromX = at(rounds[d - 1], d - 1, previous);
    const fromY = fromX - previous;
    while (x > fromX && y > fromY && x + y > fromX + fromY + 1) reversed.push(new Step(Edit.Keep, offset + --x, offset + --y));
    if (added) reversed.push(new Step(Edit.Add, offset + x, offset + --y));
    else reversed.push(new Step(Edit.Remove, offset + --x, offset + y));
  }
  while (x > 0 && y > 0) reversed.push(new Step(Edit.Keep, offset + --x, offset + --y));
  for (let i = reversed.length - 1; i >= 0; i--) steps.push(reversed[i]);
  return true;
}

/** Whether diagonal k is reached in round d by an added line, rather than by a removed one. */
function isAdded(previous: Int32Array, d: i32, k: i32): bool {
  return k == -d || (k != d && at(previous, d - 1, k - 1) < at(previous, d - 1, k + 1));
}

function at(round: Int32Array, d: i32, k: i32): i32 {
  return round[k + d];
}
