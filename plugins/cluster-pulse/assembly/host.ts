import { Memory } from "@extism/as-pdk/lib/pdk";

// @ts-ignore: decorators are valid here
@external("extism:host/user", "host_call")
declare function host_call(offset: u64): u64;

// @ts-ignore: decorators are valid here
@external("extism:host/env", "length")
declare function length(offset: u64): u64;

/** Makes a host call; the answer is `{"ok":…}` or `{"error":{"code","message"}}`. Both arguments and answer are JSON. */
export function call(name: string, args: string): string {
  const request = Memory.allocateString(`{"call":"${name}","args":${args}}`);
  const offset = host_call(request.offset);
  const answer = new Memory(offset, length(offset));
  const text = answer.toString();
  request.free();
  answer.free();
  return text;
}
