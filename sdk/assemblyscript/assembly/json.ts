/** What a JSON value is. */
export enum JsonKind {
  Null,
  Bool,
  Number,
  Text,
  List,
  Object,
}

/** Objects with more members are searched by a table of their names. */
const SEARCHED_MEMBERS = 16;

/** What texts, numbers and the like have in place of items: one for all, for there are many of them. */
const NO_VALUES: Json[] = [];
const NO_NAMES: string[] = [];

/** A JSON value. Objects keep the order of their members. Numbers are kept as they are written, so that no digit is lost. */
export class Json {
  private chars: string = "";
  private flagged: bool = false;
  private values: Json[] = NO_VALUES;
  private keys: string[] = NO_NAMES;
  private places: Map<string, i32> | null = null;

  private constructor(readonly kind: JsonKind) {}

  static nothing(): Json {
    return new Json(JsonKind.Null);
  }

  /** A text, a number, or true or false. A number that JSON does not know, such as NaN, becomes null. */
  static of<T>(value: T): Json {
    if (isString(value)) {
      const text = new Json(JsonKind.Text);
      text.chars = <string>value;
      return text;
    }
    if (isBoolean(value)) {
      const flag = new Json(JsonKind.Bool);
      flag.flagged = <bool>value;
      return flag;
    }
    if (isFloat(value)) {
      if (!isFinite<f64>(<f64>value)) return Json.nothing();
      const whole = <f64>value;
      // 3 and not 3.0, as every other language writes it.
      return Math.trunc(whole) == whole && Math.abs(whole) < 1e15 ? Json.written((<i64>whole).toString()) : Json.written(whole.toString());
    }
    if (isInteger(value)) return Json.written(value.toString());
    ERROR("Json.of takes texts, numbers and truth values");
    return Json.nothing();
  }

  /** A number that stands as JSON writes it. */
  static written(digits: string): Json {
    const number = new Json(JsonKind.Number);
    number.chars = digits;
    return number;
  }

  static object(): Json {
    const object = new Json(JsonKind.Object);
    object.values = [];
    object.keys = [];
    return object;
  }

  static list(items: Json[] = []): Json {
    const list = new Json(JsonKind.List);
    list.values = items;
    return list;
  }

  static texts(items: string[]): Json {
    const list = Json.list();
    for (let i = 0; i < items.length; i++) list.push(Json.of(items[i]));
    return list;
  }

  /** Members of an object, items of a list; 0 of anything else. */
  get length(): i32 {
    return this.values.length;
  }

  get isNull(): bool {
    return this.kind == JsonKind.Null;
  }

  /** The names of an object's members, in their order. */
  get names(): string[] {
    return this.keys;
  }

  /** The items of a list, the values of an object's members. */
  get items(): Json[] {
    return this.values;
  }

  /** The text; of a number its digits; "" of anything else. */
  get asText(): string {
    return this.chars;
  }

  /** The number; NaN of anything else. */
  get asNumber(): f64 {
    return this.kind == JsonKind.Number ? parseFloat(this.chars) : NaN;
  }

  /** Whether it is true. */
  get asFlag(): bool {
    return this.flagged;
  }

  /** A member of an object; null when there is none, and of anything else. */
  get(name: string): Json | null {
    const at = this.placeOf(name);
    return at < 0 ? null : this.values[at];
  }

  /** Whether an object has a member, be it null. */
  has(name: string): bool {
    return this.placeOf(name) >= 0;
  }

  /** A member's text; the other when it is no text. */
  text(name: string, otherwise: string = ""): string {
    const value = this.get(name);
    return value !== null && value.kind == JsonKind.Text ? value.chars : otherwise;
  }

  /** A member's number; the other when it is no number. */
  number(name: string, otherwise: f64 = 0): f64 {
    const value = this.get(name);
    return value !== null && value.kind == JsonKind.Number ? value.asNumber : otherwise;
  }

  /** Whether a member is true. */
  flag(name: string): bool {
    const value = this.get(name);
    return value !== null && value.flagged;
  }

  /** A member, whatever it is; null as JSON has it when there is none. */
  any(name: string): Json {
    const value = this.get(name);
    return value === null ? Json.nothing() : value;
  }

  /** A member that is a list or an object; an empty object when it is neither. */
  under(name: string): Json {
    const value = this.get(name);
    return value !== null && value.kind >= JsonKind.List ? value : Json.object();
  }

  /** Gives an object a member; one of that name is replaced. */
  set(name: string, value: Json): Json {
    assert(this.kind == JsonKind.Object, "only an object has members");
    const at = this.placeOf(name);
    if (at >= 0) this.values[at] = value;
    else {
      if (this.places !== null) this.places!.set(name, this.keys.length);
      this.keys.push(name);
      this.values.push(value);
    }
    return this;
  }

  /** Adds an item to a list. */
  push(item: Json): Json {
    assert(this.kind == JsonKind.List, "only a list has items");
    this.values.push(item);
    return this;
  }

  private placeOf(name: string): i32 {
    if (this.keys.length <= SEARCHED_MEMBERS) {
      for (let i = 0; i < this.keys.length; i++) if (this.keys[i] == name) return i;
      return -1;
    }
    let places = this.places;
    if (places === null) {
      places = new Map<string, i32>();
      for (let i = 0; i < this.keys.length; i++) places.set(this.keys[i], i);
      this.places = places;
    }
    return places.has(name) ? places.get(name) : -1;
  }

  /** As JSON. */
  toString(): string {
    const parts: string[] = [];
    this.write(parts);
    return parts.join("");
  }

  private write(parts: string[]): void {
    switch (this.kind) {
      case JsonKind.Null:
        parts.push("null");
        break;
      case JsonKind.Bool:
        parts.push(this.flagged ? "true" : "false");
        break;
      case JsonKind.Number:
        parts.push(this.chars);
        break;
      case JsonKind.Text:
        quote(this.chars, parts);
        break;
      default: {
        const isObject = this.kind == JsonKind.Object;
        parts.push(isObject ? "{" : "[");
        for (let i = 0; i < this.values.length; i++) {
          if (i > 0) parts.push(",");
          if (isObject) {
            quote(this.keys[i], parts);
            parts.push(":");
          }
          this.values[i].write(parts);
        }
        parts.push(isObject ? "}" : "]");
      }
    }
  }
}

/** A text as a string of JSON. */
export function quoted(text: string): string {
  const parts: string[] = [];
  quote(text, parts);
  return parts.join("");
}

function quote(text: string, parts: string[]): void {
  parts.push('"');
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code >= 0x20 && code != 0x22 && code != 0x5c) continue;
    if (i > from) parts.push(text.substring(from, i));
    from = i + 1;
    if (code >= 0x20) parts.push(code == 0x22 ? '\\"' : "\\\\");
    else if (code == 0x0a) parts.push("\\n");
    else if (code == 0x09) parts.push("\\t");
    else parts.push("\\u00" + code.toString(16).padStart(2, "0"));
  }
  parts.push(from == 0 ? text : text.substring(from));
  parts.push('"');
}
