/**
 * Regular expressions in time that grows with the text and the pattern only: all ways to match go on side by side, none is tried
 * after another. JavaScript's own would take a pattern such as `(a+)+$` for minutes, and a schema's author chooses the pattern.
 * Known is what Go's syntax and others have in common; the rest is left to the API server.
 */

/** Steps of a compiled pattern; a count such as `{1,1000}` takes one for each. */
const maxSteps = 2_000;

const maxNesting = 50;

/** What matching may still cost, in steps looked at: as much as a turn has time for. */
export interface Budget {
  work: number;
}

export const patternWork = 40_000;

/** Characters from one to another, both included. */
type Range = readonly [number, number];

type Step =
  | { op: "char"; ranges: readonly Range[]; negated: boolean }
  | { op: "split"; to: number; or: number }
  | { op: "jump"; to: number }
  | { op: "begin" }
  | { op: "end" }
  | { op: "match" };

export type Verdict = "matches" | "differs" | "unknown";

const digits: Range[] = [[48, 57]];
const word: Range[] = [[48, 57], [65, 90], [95, 95], [97, 122]];
const space: Range[] = [[9, 10], [12, 13], [32, 32]];
const lineEnd: Range[] = [[10, 10]];
const classes: Record<string, Range[]> = { d: digits, w: word, s: space };
const escapes: Record<string, number> = { t: 9, n: 10, v: 11, f: 12, r: 13 };

export class Pattern {
  private constructor(private readonly steps: readonly Step[]) {}

  /** Reads a pattern; null when it has something that is not known here. */
  static read(text: string): Pattern | null {
    try {
      return new Pattern(new Compiler(text).compile());
    } catch (error) {
      if (error instanceof Unknown) return null;
      throw error;
    }
  }

  /** How much work a character is, in steps. */
  get size(): number {
    return this.steps.length;
  }

  /** Whether the pattern matches somewhere in a text; not known when the budget does not suffice. */
  test(text: string, budget: Budget = { work: patternWork }): Verdict {
    if (text.length > budget.work) return "unknown";
    const characters = Array.from(text, (c) => c.codePointAt(0)!);
    const marks = new Int32Array(this.steps.length).fill(-1);
    let [waiting, next]: [number[], number[]] = [[], []];
    for (let at = 0; at <= characters.length; at++) {
      const character = at < characters.length ? characters[at]! : -1;
      // A match may begin at any character. A step that is marked has been looked at here already.
      waiting.push(0);
      while (waiting.length > 0) {
        const index = waiting.pop()!;
        if (marks[index] === at) continue;
        marks[index] = at;
        if (--budget.work < 0) return "unknown";
        const step = this.steps[index]!;
        if (step.op === "char") {
          if (character >= 0 && isIn(character, step.ranges) !== step.negated) next.push(index + 1);
        } else if (step.op === "split") waiting.push(step.to, step.or);
        else if (step.op === "jump") waiting.push(step.to);
        else if (step.op === "match") return "matches";
        else if (step.op === "begin" ? at === 0 : character < 0) waiting.push(index + 1);
      }
      [waiting, next] = [next, waiting];
    }
    return "differs";
  }
}

function isIn(character: number, ranges: readonly Range[]): boolean {
  for (const [from, to] of ranges) if (character >= from && character <= to) return true;
  return false;
}

/** The pattern has something that is not known here. */
class Unknown extends Error {}

/** Reads a pattern by recursive descent and writes its steps. */
class Compiler {
  readonly #text: readonly string[];
  #at = 0;
  #depth = 0;
  #steps: Step[] = [];

  constructor(text: string) {
    this.#text = Array.from(text);
  }

  compile(): Step[] {
    this.#alternatives();
    if (this.#at < this.#text.length) throw new Unknown();
    this.#add({ op: "match" });
    return this.#steps;
  }

  #add(step: Step): number {
    if (this.#steps.length >= maxSteps) throw new Unknown();
    return this.#steps.push(step) - 1;
  }

  #take(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  #alternatives(): void {
    const start = this.#steps.length;
    this.#sequence();
    const ends: number[] = [];
    while (this.#take("|")) {
      this.#insert(start, { op: "split", to: start + 1, or: this.#steps.length + 2 });
      for (let i = 0; i < ends.length; i++) ends[i]!++;
      ends.push(this.#add({ op: "jump", to: 0 }));
      this.#sequence();
    }
    for (const end of ends) this.#steps[end] = { op: "jump", to: this.#steps.length };
  }

  #sequence(): void {
    while (this.#at < this.#text.length && this.#text[this.#at] !== "|" && this.#text[this.#at] !== ")") this.#repeated();
  }

  #repeated(): void {
    const start = this.#steps.length;
    this.#atom();
    let repetitions = 0;
    for (let count = this.#count(); count !== null; count = this.#count()) {
      if (++repetitions > 1) throw new Unknown();
      this.#take("?");
      this.#repeat(start, count.least, count.most);
    }
  }

  /** The repetition that stands here; null for none. A brace that begins none is a character. */
  #count(): { least: number; most: number } | null {
    if (this.#take("*")) return { least: 0, most: Infinity };
    if (this.#take("+")) return { least: 1, most: Infinity };
    if (this.#take("?")) return { least: 0, most: 1 };
    const found = /^\{(\d{1,4})(,(\d{0,4}))?\}/.exec(this.#text.slice(this.#at, this.#at + 12).join(""));
    if (!found) return null;
    this.#at += found[0].length;
    const least = Number(found[1]);
    const most = found[2] === undefined ? least : found[3] === "" ? Infinity : Number(found[3]);
    if (most < least) throw new Unknown();
    return { least, most };
  }

  /** Writes what stands from a step on as often as it is meant. */
  #repeat(start: number, least: number, most: number): void {
    const body = this.#steps.splice(start);
    for (let i = 0; i < least; i++) this.#copy(body, start);
    if (most === Infinity) {
      const split = this.#add({ op: "split", to: 0, or: 0 });
      this.#copy(body, start);
      this.#add({ op: "jump", to: split });
      this.#steps[split] = { op: "split", to: split + 1, or: this.#steps.length };
      return;
    }
    const splits: number[] = [];
    for (let i = least; i < most; i++) {
      splits.push(this.#add({ op: "split", to: 0, or: 0 }));
      this.#copy(body, start);
    }
    for (const split of splits) this.#steps[split] = { op: "split", to: split + 1, or: this.#steps.length };
  }

  #copy(body: readonly Step[], from: number): void {
    const by = this.#steps.length - from;
    for (const step of body) this.#add(moved(step, by, from));
  }

  /** Puts a step before others, which move on by one. */
  #insert(at: number, step: Step): void {
    const rest = this.#steps.splice(at);
    this.#add(step);
    for (const one of rest) this.#add(moved(one, 1, at));
  }

  #atom(): void {
    const character = this.#text[this.#at++]!;
    if (character === "(") return this.#group();
    if (character === "[") return void this.#add({ op: "char", ...this.#class() });
    if (character === ".") return void this.#add({ op: "char", ranges: lineEnd, negated: true });
    if (character === "^") return void this.#add({ op: "begin" });
    if (character === "$") return void this.#add({ op: "end" });
    if (character === "\\") return this.#escape();
    if ("*+?".includes(character)) throw new Unknown();
    this.#literal(character);
  }

  #group(): void {
    if (this.#take("?") && !this.#take(":")) throw new Unknown();
    if (++this.#depth > maxNesting) throw new Unknown();
    this.#alternatives();
    this.#depth--;
    if (!this.#take(")")) throw new Unknown();
  }

  #escape(): void {
    const character = this.#text[this.#at++] ?? "";
    if (character === "A") return void this.#add({ op: "begin" });
    if (character === "z") return void this.#add({ op: "end" });
    const set = classes[character.toLowerCase()];
    if (set) return void this.#add({ op: "char", ranges: set, negated: character !== character.toLowerCase() });
    this.#add({ op: "char", ranges: [only(this.#escaped(character))], negated: false });
  }

  /** The character that an escape stands for. */
  #escaped(character: string): number {
    const known = escapes[character];
    if (known !== undefined) return known;
    if (character === "x") {
      const code = /^[0-9a-fA-F]{2}$/.exec(this.#text.slice(this.#at, this.#at + 2).join(""));
      if (!code) throw new Unknown();
      this.#at += 2;
      return parseInt(code[0], 16);
    }
    if (character === "" || /[A-Za-z0-9]/.test(character)) throw new Unknown();
    return character.codePointAt(0)!;
  }

  #class(): { ranges: Range[]; negated: boolean } {
    const negated = this.#take("^");
    const ranges: Range[] = [];
    for (let first = true; first || this.#text[this.#at] !== "]"; first = false) {
      const from = this.#classCharacter();
      if (typeof from !== "number") {
        ranges.push(...from);
        continue;
      }
      if (this.#text[this.#at] !== "-" || this.#text[this.#at + 1] === "]") {
        ranges.push(only(from));
        continue;
      }
      this.#at++;
      const to = this.#classCharacter();
      if (typeof to !== "number" || to < from) throw new Unknown();
      ranges.push([from, to]);
    }
    this.#at++;
    return { ranges, negated };
  }

  #classCharacter(): number | Range[] {
    const character = this.#text[this.#at++];
    // `[[:alpha:]]` is not known everywhere.
    if (character === undefined || (character === "[" && this.#text[this.#at] === ":")) throw new Unknown();
    if (character !== "\\") return character.codePointAt(0)!;
    const escaped = this.#text[this.#at++] ?? "";
    return classes[escaped] ?? this.#escaped(escaped);
  }

  #literal(character: string): void {
    this.#add({ op: "char", ranges: [only(character.codePointAt(0)!)], negated: false });
  }
}

/** A step at another place: what it leads to from the first moved step on moves along. */
function moved(step: Step, by: number, from: number): Step {
  const place = (to: number) => (to >= from ? to + by : to);
  if (step.op === "jump") return { ...step, to: place(step.to) };
  if (step.op === "split") return { ...step, to: place(step.to), or: place(step.or) };
  return step;
}

function only(character: number): Range {
  return [character, character];
}
