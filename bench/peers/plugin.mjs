// Runs a plugin's guest code in a peer, and prints what it took as JSON.
//   node [--expose-gc] plugin.mjs MEASURE PEER GUEST MESSAGE-FILE ROUNDS
// MEASURE is `message`: the median microseconds of a round trip; `start`: the median milliseconds from code in memory to
// the first answer; `memory`: the bytes of its own that the process has for each of ROUNDS guests that have answered once.
// GUEST is a JavaScript bundle for isolated-vm and quickjs-emscripten, a WebAssembly module for extism.
// The guest's answer goes to standard error once, so that a peer which did not do the work is noticed.
import { readFileSync } from "node:fs";
import { prelude } from "./prelude.mjs";

const [measure, peer, guestFile, messageFile, roundsText] = process.argv.slice(2);
const message = readFileSync(messageFile, "utf8");
const guest = readFileSync(guestFile);
const rounds = Number(roundsText);

const bundle = () => `${prelude}\n(() => {\n${guest.toString("utf8")}\n})();`;

/** Each makes a new guest: a function that sends the message, and one that ends it. */
const peers = {
  async "isolated-vm"() {
    const { default: ivm } = await import("isolated-vm");
    const isolate = new ivm.Isolate({ memoryLimit: 64 });
    const context = await isolate.createContext();
    await context.eval(bundle());
    const dispatch = await context.global.get("dispatch", { reference: true });
    const options = { arguments: { copy: true }, result: { copy: true, promise: true } };
    return { send: () => dispatch.apply(undefined, [message], options), end: () => isolate.dispose() };
  },
  async "quickjs-emscripten"() {
    const { getQuickJS } = await import("quickjs-emscripten");
    const runtime = (await getQuickJS()).newRuntime();
    const vm = runtime.newContext();
    vm.unwrapResult(vm.evalCode(bundle())).dispose();
    const dispatch = vm.getProp(vm.global, "dispatch");
    const send = () => {
      const argument = vm.newString(message);
      const promise = vm.unwrapResult(vm.callFunction(dispatch, vm.undefined, argument));
      argument.dispose();
      vm.runtime.executePendingJobs();
      const state = vm.getPromiseState(promise);
      if (state.type !== "fulfilled") throw new Error(`the guest's promise is ${state.type}`);
      const answer = vm.getString(state.value);
      state.value.dispose();
      promise.dispose();
      return answer;
    };
    const end = () => {
      dispatch.dispose();
      vm.dispose();
      runtime.dispose();
    };
    return { send, end };
  },
  async extism() {
    const { default: createPlugin } = await import("@extism/extism");
    const { type } = JSON.parse(message);
    const plugin = await createPlugin({ wasm: [{ data: guest }] }, {
      runInWorker: false,
      functions: { "extism:host/user": { host_call: (context) => context.store('{"ok":{}}') } },
    });
    return { send: async () => (await plugin.call(type, message))?.text(), end: () => plugin.close() };
  },
};

const measures = {
  async message(begin) {
    const { send } = await begin();
    console.error(await send());
    for (let i = 0; i < rounds / 5; i++) await send();
    return median(rounds, async () => {
      const started = process.hrtime.bigint();
      await send();
      return Number(process.hrtime.bigint() - started) / 1e3;
    });
  },
  async start(begin) {
    const first = await begin();
    console.error(await first.send());
    return median(rounds, async () => {
      const started = process.hrtime.bigint();
      const { send, end } = await begin();
      await send();
      const elapsed = Number(process.hrtime.bigint() - started) / 1e6;
      end();
      return elapsed;
    });
  },
  async memory(begin) {
    const guests = [await begin()];
    console.error(await guests[0].send());
    const before = ownBytes();
    for (let i = 0; i < rounds; i++) {
      const next = await begin();
      await next.send();
      guests.push(next);
    }
    return (ownBytes() - before) / rounds;
  },
};

async function median(count, sample) {
  const samples = new Float64Array(count);
  for (let i = 0; i < count; i++) samples[i] = await sample();
  return samples.sort()[count >> 1];
}

/** Memory that the process shares with no other, in bytes. */
function ownBytes() {
  globalThis.gc();
  return [...readFileSync("/proc/self/smaps_rollup", "utf8").matchAll(/^Private_\w+: +(\d+) kB$/gm)].reduce((sum, [, kibibytes]) => sum + kibibytes * 1024, 0);
}

console.log(JSON.stringify({ value: await measures[measure](peers[peer]) }));
process.exit(0);
