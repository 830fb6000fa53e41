// Clocks, random numbers and polling by AssemblyScript, straight on WASI.
import * as wasi from "./wasi";
import { RESULT, check, gives, print } from "./wasi";

const SUBSCRIPTIONS = memory.data(192, 8);
const EVENTS = memory.data(128, 8);
const MONOTONIC = 1;

function now(clock: i32): u64 {
  gives("time", wasi.clock_time_get(clock, 1, RESULT), wasi.SUCCESS);
  return load<u64>(RESULT);
}

function putClock(at: i32, tag: u64, clock: i32, timeout: u64, flags: u16): void {
  const address = SUBSCRIPTIONS + at * 48;
  memory.fill(address, 0, 48);
  store<u64>(address, tag);
  store<i32>(address + 16, clock);
  store<u64>(address + 24, timeout);
  store<u16>(address + 40, flags);
}

function putDescriptor(at: i32, tag: u64, type: u8, fd: i32): void {
  const address = SUBSCRIPTIONS + at * 48;
  memory.fill(address, 0, 48);
  store<u64>(address, tag);
  store<u8>(address + 8, type);
  store<i32>(address + 16, fd);
}

function poll(count: i32): i32 {
  gives("poll", wasi.poll_oneoff(SUBSCRIPTIONS, EVENTS, count, RESULT), wasi.SUCCESS);
  return load<i32>(RESULT);
}

function clocks(): void {
  for (let clock = 0; clock < 4; clock++) {
    gives("resolution", wasi.clock_res_get(clock, RESULT), wasi.SUCCESS);
    check("some resolution", load<u64>(RESULT) > 0);
    const before = now(clock);
    check("goes on", now(clock) >= before);
  }
  gives("no such clock", wasi.clock_time_get(4, 0, RESULT), wasi.INVAL);
  gives("nor its resolution", wasi.clock_res_get(-1, RESULT), wasi.INVAL);
}

function polls(): void {
  const start = now(MONOTONIC);
  putClock(0, 11, MONOTONIC, 8000000, 0);
  check("one event", poll(1) == 1 && load<u64>(EVENTS) == 11 && load<u16>(EVENTS + 8) == 0);
  check("time passed", now(MONOTONIC) - start >= 8000000);
  putClock(0, 12, MONOTONIC, start, 1);
  check("a time that is over", poll(1) == 1 && load<u64>(EVENTS) == 12);

  putClock(0, 21, MONOTONIC, 60000000000, 0);
  putDescriptor(1, 22, 2, 1);
  putDescriptor(2, 23, 1, 77);
  check("two are ready", poll(3) == 2 && load<u64>(EVENTS) == 22 && load<u64>(EVENTS + 32) == 23);
  check("one is no descriptor", load<u16>(EVENTS + 8) == 0 && load<u16>(EVENTS + 40) == wasi.BADF);

  gives("nothing to wait for", wasi.poll_oneoff(SUBSCRIPTIONS, EVENTS, 0, RESULT), wasi.INVAL);
  putClock(0, 1, 3, 1, 0);
  gives("CPU time", wasi.poll_oneoff(SUBSCRIPTIONS, EVENTS, 1, RESULT), wasi.NOTSUP);
}

function random(): void {
  memory.fill(SUBSCRIPTIONS, 0, 64);
  gives("random", wasi.random_get(SUBSCRIPTIONS, 64), wasi.SUCCESS);
  let zeros = 0;
  for (let at = 0; at < 64; at++) if (load<u8>(SUBSCRIPTIONS + at) == 0) zeros++;
  check("not all zero", zeros < 16);
  gives("too many", wasi.random_get(0, -1), wasi.INVAL);
  gives("yield", wasi.sched_yield(), wasi.SUCCESS);
  gives("arguments", wasi.args_sizes_get(RESULT, RESULT + 4), wasi.SUCCESS);
  check("four of them", load<i32>(RESULT) == 4);
  gives("variables", wasi.environ_sizes_get(RESULT, RESULT + 4), wasi.SUCCESS);
  check("three of them", load<i32>(RESULT) == 3);
}

export function _start(): void {
  clocks();
  polls();
  random();
  print("ok\n");
}
