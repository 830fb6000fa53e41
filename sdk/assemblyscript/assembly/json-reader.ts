import { Json } from "./json";

/** Lists and objects within each other that are read. */
export const MAX_JSON_DEPTH: i32 = 128;

/** What became of a text: a value, or why it is not JSON. */
export class JsonResult {
  constructor(
    readonly value: Json,
    readonly error: string | null,
  ) {}
}

/** Reads JSON (RFC 8259), and nothing that only looks like it. Half a surrogate pair becomes U+FFFD; of members of one name the last one counts. */
export function readJson(text: string): JsonResult {
  const reader = new JsonReader(text);
  const value = reader.whole();
  return new JsonResult(value === null ? Json.nothing() : value, reader.error);
}

class JsonReader {
  error: string | null = null;
  private at: i32 = 0;
  private readonly length: i32;

  constructor(private readonly text: string) {
    this.length = text.length;
  }

  whole(): Json | null {
    const value = this.value(0);
    if (value !== null && this.next() >= 0) return this.wrong("there is more after the end");
    return value;
  }

  private value(depth: i32): Json | null {
    const code = this.next();
    if (code == 0x7b) return depth >= MAX_JSON_DEPTH ? this.tooDeep() : this.object(depth + 1);
    if (code == 0x5b) return depth >= MAX_JSON_DEPTH ? this.tooDeep() : this.list(depth + 1);
    if (code == 0x22) {
      const text = this.string();
      return text === null ? null : Json.of(text);
    }
    if (code == 0x2d || isDigit(code)) return this.number();
    if (this.skip("true")) return Json.of(true);
    if (this.skip("false")) return Json.of(false);
    if (this.skip("null")) return Json.nothing();
    return this.wrong(code < 0 ? "it ends too early" : "no value begins so");
  }

  private object(depth: i32): Json | null {
    const object = Json.object();
    this.at++;
    if (this.next() == 0x7d) {
      this.at++;
      return object;
    }
    while (true) {
      if (this.next() != 0x22) return this.wrong("a name is expected");
      const name = this.string();
      if (name === null) return null;
      if (this.next() != 0x3a) return this.wrong("a colon is expected");
      this.at++;
      const value = this.value(depth);
      if (value === null) return null;
      object.set(name, value);
      const code = this.next();
      this.at++;
      if (code == 0x7d) return object;
      if (code != 0x2c) return this.wrong("a comma or } is expected", 1);
    }
  }

  private list(depth: i32): Json | null {
    const list = Json.list();
    this.at++;
    if (this.next() == 0x5d) {
      this.at++;
      return list;
    }
    while (true) {
      const value = this.value(depth);
      if (value === null) return null;
      list.push(value);
      const code = this.next();
      this.at++;
      if (code == 0x5d) return list;
      if (code != 0x2c) return this.wrong("a comma or ] is expected", 1);
    }
  }

  private number(): Json | null {
    const start = this.at;
    if (this.peek() == 0x2d) this.at++;
    if (this.peek() == 0x30) this.at++;
    else if (!this.digits()) return this.wrong("a digit is expected");
    if (this.peek() == 0x2e) {
      this.at++;
      if (!this.digits()) return this.wrong("a digit is expected");
    }
    if ((this.peek() | 0x20) == 0x65) {
      this.at++;
      const sign = this.peek();
      if (sign == 0x2b || sign == 0x2d) this.at++;
      if (!this.digits()) return this.wrong("a digit is expected");
    }
    return Json.written(this.text.substring(start, this.at));
  }

  private digits(): bool {
    const start = this.at;
    while (isDigit(this.peek())) this.at++;
    return this.at > start;
  }

  private string(): string | null {
    this.at++;
    // Most have no escapes.
    let parts: string[] | null = null;
    let from = this.at;
    while (true) {
      const code = this.peek();
      if (code < 0) return this.noText("a string does not end");
      if (code < 0x20) return this.noText("a control character stands in a string");
      if (code != 0x22 && code != 0x5c && (code & 0xf800) != 0xd800) {
        this.at++;
        continue;
      }
      const run = this.text.substring(from, this.at);
      if (code == 0x22) {
        this.at++;
        if (parts === null) return run;
        parts.push(run);
        return parts.join("");
      }
      if (parts === null) parts = [];
      parts.push(run);
      const unit = code == 0x5c ? this.escape() : code;
      if (unit < 0) return null;
      if (code != 0x5c) this.at++;
      parts.push(this.character(unit));
      from = this.at;
    }
  }

  /** The character that a UTF-16 unit begins, with the second half that stands behind it. */
  private character(unit: i32): string {
    if ((unit & 0xf800) != 0xd800) return String.fromCharCode(unit);
    if (unit >= 0xdc00) return "\ufffd";
    const before = this.at;
    let second = this.peek();
    if (second == 0x5c && this.unitAt(this.at + 1) == 0x75) second = this.escape();
    else this.at++;
    if ((second & 0xfc00) == 0xdc00) return String.fromCharCode(unit, second);
    this.at = before;
    this.error = null;
    return "\ufffd";
  }

  /** Reads an escape; the unit that it stands for, or -1. */
  private escape(): i32 {
    const code = this.unitAt(this.at + 1);
    this.at += 2;
    switch (code) {
      case 0x22:
      case 0x5c:
      case 0x2f:
        return code;
      case 0x62:
        return 0x08;
      case 0x66:
        return 0x0c;
      case 0x6e:
        return 0x0a;
      case 0x72:
        return 0x0d;
      case 0x74:
        return 0x09;
      case 0x75: {
        let unit = 0;
        for (let i = 0; i < 4; i++) {
          const digit = hex(this.peek());
          if (digit < 0) {
            this.wrong("four hexadecimal digits are expected");
            return -1;
          }
          unit = (unit << 4) | digit;
          this.at++;
        }
        return unit;
      }
      default:
        this.wrong("no escape begins so", 1);
        return -1;
    }
  }

  /** The unit behind white space; -1 at the end. */
  private next(): i32 {
    while (true) {
      const code = this.peek();
      if (code != 0x20 && code != 0x0a && code != 0x0d && code != 0x09) return code;
      this.at++;
    }
  }

  private peek(): i32 {
    return this.unitAt(this.at);
  }

  private unitAt(at: i32): i32 {
    return at < this.length ? <i32>load<u16>(changetype<usize>(this.text) + (<usize>at << 1)) : -1;
  }

  private skip(word: string): bool {
    if (!this.text.startsWith(word, this.at)) return false;
    this.at += word.length;
    return true;
  }

  private tooDeep(): Json | null {
    return this.wrong(`lists and objects are nested deeper than ${MAX_JSON_DEPTH}`);
  }

  private noText(what: string): string | null {
    this.wrong(what);
    return null;
  }

  private wrong(what: string, back: i32 = 0): Json | null {
    this.error = `not JSON: ${what}, at character ${this.at - back + 1}`;
    return null;
  }
}

function isDigit(code: i32): bool {
  return code >= 0x30 && code <= 0x39;
}

function hex(code: i32): i32 {
  if (isDigit(code)) return code - 0x30;
  const letter = code | 0x20;
  return code >= 0 && letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}
