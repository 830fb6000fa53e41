import { Json } from "./json";

/** What stands in a message or a call: JSON of a known shape. */
export class Value {
  constructor(readonly json: Json) {}
}

/** Why a call was refused or failed. */
export class CallError extends Value {
  /** One of `ErrorCode`. */
  get code(): string {
    return this.json.text("code");
  }

  get message(): string {
    return this.json.text("message");
  }

  /** As the SDKs of other languages say it, such as `not-found: there is no pod "cart"`. */
  toString(): string {
    return `${this.code}: ${this.message}`;
  }
}

/** What became of a call: `ok`, unless there is an error. */
export class Answer<T extends Value> {
  readonly ok: T;
  readonly error: CallError | null;

  constructor(answer: Json) {
    const ok = answer.get("ok");
    const error = answer.get("error");
    this.ok = instantiate<T>(ok === null ? Json.object() : ok);
    this.error = error === null && ok !== null ? null : new CallError(error === null ? Json.object() : error);
  }
}

/** The values of a list, each as one of a known shape. */
export function valuesOf<T extends Value>(list: Json): T[] {
  const values: T[] = [];
  for (let i = 0; i < list.length; i++) values.push(instantiate<T>(list.items[i]));
  return values;
}

/** The texts of a list. */
export function textsOf(list: Json): string[] {
  const texts: string[] = [];
  for (let i = 0; i < list.length; i++) texts.push(list.items[i].asText);
  return texts;
}

/** A list of values. */
export function listOf<T extends Value>(values: T[]): Json {
  const list = Json.list();
  for (let i = 0; i < values.length; i++) list.push(values[i].json);
  return list;
}
