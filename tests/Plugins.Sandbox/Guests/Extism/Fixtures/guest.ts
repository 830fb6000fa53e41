// Compiled by: asc guest.ts --outFile guest.wasm -O --runtime stub --use abort=guest/abort   (AssemblyScript 0.28.20, @extism/as-pdk 1.0.0)
import { Config, Host, Var } from "@extism/as-pdk";

// Every import of the ABI, so that the module links only with a host that has them all.
@external("extism:host/env", "length_unsafe") declare function length_unsafe(offset: u64): u64;
@external("extism:host/env", "length") declare function length(offset: u64): u64;
@external("extism:host/env", "alloc") declare function alloc(length: u64): u64;
@external("extism:host/env", "free") declare function free(offset: u64): void;
@external("extism:host/env", "load_u8") declare function load_u8(offset: u64): u8;
@external("extism:host/env", "load_u64") declare function load_u64(offset: u64): u64;
@external("extism:host/env", "store_u8") declare function store_u8(offset: u64, value: u8): void;
@external("extism:host/env", "store_u64") declare function store_u64(offset: u64, value: u64): void;
@external("extism:host/env", "memory_bytes") declare function memory_bytes(): u64;
@external("extism:host/env", "reset") declare function reset(): void;
@external("extism:host/env", "input_set") declare function input_set(offset: u64, length: u64): void;
@external("extism:host/env", "input_offset") declare function input_offset(): u64;
@external("extism:host/env", "input_length") declare function input_length(): u64;
@external("extism:host/env", "input_load_u8") declare function input_load_u8(offset: u64): u8;
@external("extism:host/env", "input_load_u64") declare function input_load_u64(offset: u64): u64;
@external("extism:host/env", "output_set") declare function output_set(offset: u64, length: u64): void;
@external("extism:host/env", "output_offset") declare function output_offset(): u64;
@external("extism:host/env", "output_length") declare function output_length(): u64;
@external("extism:host/env", "error_set") declare function error_set(offset: u64): void;
@external("extism:host/env", "error_get") declare function error_get(): u64;
@external("extism:host/env", "config_get") declare function config_get(key: u64): u64;
@external("extism:host/env", "var_get") declare function var_get(key: u64): u64;
@external("extism:host/env", "var_set") declare function var_set(key: u64, value: u64): void;
@external("extism:host/env", "http_request") declare function http_request(request: u64, body: u64): u64;
@external("extism:host/env", "http_status_code") declare function http_status_code(): i32;
@external("extism:host/env", "http_headers") declare function http_headers(): u64;
@external("extism:host/env", "log_trace") declare function log_trace(line: u64): void;
@external("extism:host/env", "log_debug") declare function log_debug(line: u64): void;
@external("extism:host/env", "log_info") declare function log_info(line: u64): void;
@external("extism:host/env", "log_warn") declare function log_warn(line: u64): void;
@external("extism:host/env", "log_error") declare function log_error(line: u64): void;
@external("extism:host/env", "get_log_level") declare function get_log_level(): i32;
@external("extism:host/user", "host_call") declare function host_call(request: u64): u64;

function abort(message: string | null, file: string | null, line: u32, column: u32): void {
  unreachable();
}

function put(text: string): u64 {
  const bytes = Uint8Array.wrap(String.UTF8.encode(text));
  const offset = alloc(bytes.length);
  for (let i = 0; i < bytes.length; i++) store_u8(offset + i, bytes[i]);
  return offset;
}

function get(offset: u64): string {
  const bytes = new Uint8Array(i32(length(offset)));
  for (let i = 0; i < bytes.length; i++) bytes[i] = load_u8(offset + i);
  return String.UTF8.decode(bytes.buffer);
}

function answer(json: string): i32 {
  const offset = put(json);
  output_set(offset, length(offset));
  return 0;
}

let count = 0;

// The envelope comes back as it is.
export function echo(): i32 {
  Host.output(Host.input());
  return 0;
}

// Globals and variables outlive a message.
export function counter(): i32 {
  const before = Var.get("count");
  const kept = before === null ? 0 : before.length;
  Var.set("count", new Uint8Array(kept + 1));
  return answer(`{"global":${++count},"variable":${kept + 1}}`);
}

export function config(): i32 {
  const name = Config.get("name");
  const none = Config.get("none");
  return answer(`{"name":"${name === null ? "" : name}","none":${none === null}}`);
}

// A set error is a failure even when the code is 0.
export function error(): i32 {
  answer("{}");
  error_set(put("the guest says no"));
  return error_get() != 0 ? 0 : 9;
}

export function code(): i32 {
  return 7;
}

export function nothing(): void {
}

export function garbage(): i32 {
  return answer("{nonsense");
}

export function parameters(x: i32): i32 {
  return x;
}

export function loop(): i32 {
  while (true) count++;
  return 0;
}

export function trap(): i32 {
  if (true) unreachable();
  return 0;
}

// Grows until that is refused.
export function grow(): i32 {
  while (memory.grow(16) >= 0) {}
  return answer(`{"pages":${memory.size()}}`);
}

export function logs(): i32 {
  log_trace(put("t")); log_debug(put("d")); log_info(put("i")); log_warn(put("w")); log_error(put("e"));
  log_info(123456789);
  return answer(`{"level":${get_log_level()}}`);
}

// Passes a host call's answer on.
export function call(): i32 {
  const result = host_call(put('{"call":"kubernetes.list","args":{"limit":3},"gesture":"G"}'));
  output_set(result, length(result));
  return 0;
}

export function badCall(): i32 {
  const result = host_call(put("{"));
  output_set(result, length(result));
  return 0;
}

export function http(): i32 {
  const body = http_request(put('{"url":"https://example.com/","method":"POST","headers":{"a":"b"}}'), put("body"));
  return answer(`{"status":${http_status_code()},"body":"${get(body)}","headers":${http_headers() == 0 ? "null" : get(http_headers())}}`);
}

// The message's payload is the request.
export function request(): i32 {
  const envelope = Host.inputString();
  const body = http_request(put(envelope.slice(envelope.indexOf('"payload":') + 10, -1)), 0);
  return answer(`{"status":${http_status_code()},"body":"${get(body)}"}`);
}

// Variables without end.
export function hoard(): i32 {
  for (let i = 0; i < 1000; i++) var_set(put(`k${i}`), alloc(1 << 16));
  return 0;
}

let failed = "";

function check(name: string, holds: bool): void {
  if (!holds) failed += name + " ";
}

// The traps of the ABI, each by name; the answer lists those that do not hold.
export function abi(): i32 {
  failed = "";
  check("alloc(0) is 0", alloc(0) == 0);
  check("alloc(huge) is 0", alloc(1 << 40) == 0 && alloc(-1) == 0);
  const block = put("0123456789");
  check("length", length(block) == 10 && length_unsafe(block) == 10);
  check("length of no block", length(block + 1) == 0 && length(0) == 0 && length(-1) == 0 && length_unsafe(12345678) == 0);
  check("load", load_u8(block) == 48 && load_u64(block) == 0x3736353433323130);
  check("load out of range", load_u8(-1) == 0 && load_u8(1 << 40) == 0 && load_u64(-8) == 0 && load_u8(0) == 0);
  store_u8(-1, 1); store_u64(1 << 40, 1); store_u8(0, 1); store_u64(0, -1);
  check("store out of range", load_u8(0) == 0 && get(block) == "0123456789");
  free(0); free(block + 1); free(-1); free(1 << 40);
  check("free of no block", length(block) == 10);
  free(block); free(block);
  check("free", length(block) == 0);
  const reused = alloc(10);
  check("freed twice, given once", alloc(10) != reused);
  const key = put("key");
  var_set(key, put("value"));
  free(key);
  const again = put("key");
  const value = var_get(again);
  free(again);
  free(key);
  check("value is not in a freed block", get(value) == "value");
  var_set(put("key"), 0);
  check("var_set of 0 removes", var_get(put("key")) == 0);
  check("input", input_length() == length(input_offset()) && input_load_u8(0) == 123 && (input_load_u64(0) & 0xff) == 123);
  check("input out of range", input_load_u8(input_length()) == 0 && input_load_u64(input_length() - 7) == 0 && input_load_u8(-1) == 0);
  const wide = put("[1,2,3]xyz");
  output_set(1 << 40, 1);
  output_set(wide, -1);
  check("output_set out of range", output_length() == 0);
  error_set(1 << 40);
  check("error_set of no block", error_get() == 0);
  error_set(put("e")); error_set(0);
  check("error_set of 0 clears", error_get() == 0);
  check("memory_bytes", memory_bytes() > 0);
  check("config_get of no block", config_get(1 << 40) == 0);
  if (failed.length > 0) return answer(`{"failed":"${failed}"}`);
  // Any span inside the heap is an output, not only a whole block.
  output_set(wide, 7);
  return output_offset() == wide ? 0 : 1;
}

export function resets(): i32 {
  const block = put("gone");
  reset();
  return answer(`{"length":${length(block)},"input":${input_length()}}`);
}

export function span(): i32 {
  const block = put("xx[1]xx");
  input_set(block + 2, 3);
  output_set(input_offset(), input_length());
  return 0;
}
