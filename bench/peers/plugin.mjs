// Sends the same message to the same guest code in a peer, and prints the median microseconds a round trip took.
//   node plugin.mjs PEER GUEST MESSAGE-FILE ROUNDS
// GUEST is a JavaScript bundle for isolated-vm and quickjs-emscripten, a WebAssembly module for extism.
// The guest's answer goes to standard error once, so that a peer which did not do the work is noticed.
import { readFileSync } from "node:fs";

const [peer, guestFile, messageFile, roundsText] = process.argv.slice(2);
const message = readFileSync(messageFile, "utf8");
const rounds = Number(roundsText);

// The SDK's bundle registers handlers on `lazyoc`; this is the smallest host that a peer needs to call one.
const prelude = `
  const handlers = {};
  globalThis.lazyoc = { on(type, handler) { handlers[type] = handler; }, call() { return Promise.resolve({}); } };
  globalThis.dispatch = async (text) => {
    const { type, payload, ...message } = JSON.parse(text);
    return JSON.stringify(await handlers[type](payload, { type, ...message }));
  };`;
const bundle = () => `${prelude}\n(() => {\n${readFileSync(guestFile, "utf8")}\n})();`;

const peers = {
  async "isolated-vm"() {
    const { default: ivm } = await import("isolated-vm");
    const isolate = new ivm.Isolate({ memoryLimit: 64 });
    const context = await isolate.createContext();
    await context.eval(bundle());
    const dispatch = await context.global.get("dispatch", { reference: true });
    const options = { arguments: { copy: true }, result: { copy: true, promise: true } };
    return () => dispatch.apply(undefined, [message], options);
  },
  async "quickjs-emscripten"() {
    const { getQuickJS } = await import("quickjs-emscripten");
    const vm = (await getQuickJS()).newContext();
    vm.unwrapResult(vm.evalCode(bundle())).dispose();
    const dispatch = vm.getProp(vm.global, "dispatch");
    return () => {
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
  },
  async extism() {
    const { default: createPlugin } = await import("@extism/extism");
    const { type } = JSON.parse(message);
    const plugin = await createPlugin({ wasm: [{ data: readFileSync(guestFile) }] }, {
      runInWorker: false,
      functions: { "extism:host/user": { host_call: (context) => context.store('{"ok":{}}') } },
    });
    return async () => (await plugin.call(type, message))?.text();
  },
};

const send = await peers[peer]();
console.error(await send());
for (let i = 0; i < rounds / 5; i++) await send();
const samples = new Float64Array(rounds);
for (let i = 0; i < rounds; i++) {
  const started = process.hrtime.bigint();
  await send();
  samples[i] = Number(process.hrtime.bigint() - started) / 1000;
}
samples.sort();
console.log(JSON.stringify({ p50Us: samples[rounds >> 1], p99Us: samples[Math.floor(rounds * 0.99)] }));
process.exit(0);
