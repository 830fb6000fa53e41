/** Messages and host calls: the guest ABI of Extism, and the one call that LazyOC adds. */

import { Json } from "./json";
import { readJson } from "./json-reader";
import { Value } from "./value";

// @ts-ignore: decorators are valid here
@external("extism:host/env", "alloc")
declare function alloc(length: u64): u64;
// @ts-ignore: decorators are valid here
@external("extism:host/env", "free")
declare function free(at: u64): void;
// @ts-ignore: decorators are valid here
@external("extism:host/env", "length")
declare function lengthOf(at: u64): u64;
// @ts-ignore: decorators are valid here
@external("extism:host/env", "load_u8")
declare function loadByte(at: u64): u32;
// @ts-ignore: decorators are valid here
@external("extism:host/env", "load_u64")
declare function loadWord(at: u64): u64;
// @ts-ignore: decorators are valid here
@external("extism:host/env", "store_u8")
declare function storeByte(at: u64, byte: u32): void;
// @ts-ignore: decorators are valid here
@external("extism:host/env", "store_u64")
declare function storeWord(at: u64, word: u64): void;
// @ts-ignore: decorators are valid here
@external("extism:host/env", "input_length")
declare function inputLength(): u64;
// @ts-ignore: decorators are valid here
@external("extism:host/env", "input_load_u8")
declare function inputByte(at: u64): u32;
// @ts-ignore: decorators are valid here
@external("extism:host/env", "input_load_u64")
declare function inputWord(at: u64): u64;
// @ts-ignore: decorators are valid here
@external("extism:host/env", "output_set")
declare function setOutput(at: u64, length: u64): void;
// @ts-ignore: decorators are valid here
@external("extism:host/env", "error_set")
declare function setError(at: u64): void;
// @ts-ignore: decorators are valid here
@external("extism:host/env", "log_info")
declare function logInfo(at: u64): void;
// @ts-ignore: decorators are valid here
@external("extism:host/env", "log_error")
declare function logError(at: u64): void;
// @ts-ignore: decorators are valid here
@external("extism:host/user", "host_call")
declare function hostCall(at: u64): u64;

const WORD: u32 = 8;

/** The user's gesture that the message being handled carries; it goes with every call. */
let gesture: string | null = null;

/** Reads the message, and keeps its gesture for the calls that are made before it is answered. Call it once, at the beginning of each. */
export function receive<T extends Value>(): T {
  const message = readJson(input()).value;
  gesture = message.has("gesture") ? message.text("gesture") : null;
  return instantiate<T>(message.under("payload"));
}

/** Answers the message; `return answer(view)`. */
export function answer(value: Value): i32 {
  return answerJson(value.json);
}

/** Answers the message with any JSON. */
export function answerJson(json: Json): i32 {
  const bytes = encode(json.toString());
  setOutput(handOver(bytes), bytes.byteLength);
  gesture = null;
  return 0;
}

/** Ends a message that wants no answer; `return done()`. */
export function done(): i32 {
  return answerJson(Json.object());
}

/** Answers an input with nothing new: the view stays as it is. */
export function unchanged(): i32 {
  return answerJson(Json.nothing());
}

/** Fails the message; `return fail("not-found: no such pod")`. The instance lives on, as it does not after a trap. */
export function fail(reason: string): i32 {
  setError(handOver(encode(reason)));
  gesture = null;
  return 1;
}

/** Writes a line to the plugin's own log. */
export function log(line: string): void {
  const at = handOver(encode(line));
  logInfo(at);
  free(at);
}

/** Makes a host call by its name; `{"ok":…}` or `{"error":{"code","message"}}`. */
export function callHost(name: string, args: Json): Json {
  const request = Json.object().set("call", Json.of(name)).set("args", args);
  if (gesture !== null) request.set("gesture", Json.of(gesture!));
  const asked = handOver(encode(request.toString()));
  const at = hostCall(asked);
  const length = <u32>lengthOf(at);
  const bytes = new ArrayBuffer(length);
  const into = changetype<usize>(bytes);
  let i: u32 = 0;
  for (; i + WORD <= length; i += WORD) store<u64>(into + i, loadWord(at + i));
  for (; i < length; i++) store<u8>(into + i, <u8>loadByte(at + i));
  free(asked);
  free(at);
  return readJson(String.UTF8.decode(bytes)).value;
}

/** What `asc --use abort=~lib/@lazyoc/assemblyscript/assembly/guest/abort` makes of a failed assertion: a line in the log, with its place, before the trap. */
export function abort(message: string | null, file: string | null, line: u32, column: u32): void {
  const what = message === null ? "aborted" : message;
  logError(handOver(encode(`${what} at ${file === null ? "?" : file}:${line}:${column}`)));
  unreachable();
}

function input(): string {
  const length = <u32>inputLength();
  const bytes = new ArrayBuffer(length);
  const into = changetype<usize>(bytes);
  let i: u32 = 0;
  for (; i + WORD <= length; i += WORD) store<u64>(into + i, inputWord(i));
  for (; i < length; i++) store<u8>(into + i, <u8>inputByte(i));
  return String.UTF8.decode(bytes);
}

/** UTF-8, in which half a surrogate pair is U+FFFD. */
function encode(text: string): ArrayBuffer {
  return String.UTF8.encode(text, false, String.UTF8.ErrorMode.REPLACE);
}

function handOver(bytes: ArrayBuffer): u64 {
  const length = <u32>bytes.byteLength;
  const from = changetype<usize>(bytes);
  const at = alloc(length);
  let i: u32 = 0;
  for (; i + WORD <= length; i += WORD) storeWord(at + i, load<u64>(from + i));
  for (; i < length; i++) storeByte(at + i, load<u8>(from + i));
  return at;
}
