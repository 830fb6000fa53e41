// Runs text that was no part of the package, in every way there is.
lazyoc.on("command", async () => {
  const ways = {
    eval: () => eval("1 + 1"),
    indirect: () => (0, eval)("1 + 1"),
    Function: () => new Function("return 1 + 1")(),
    constructor: () => (() => 1).constructor("return 1 + 1")(),
    async: async () => await (async () => 1).constructor("return 1 + 1")(),
    generator: () => (function* () {}).constructor("yield 2")().next().value,
    timeout: () => { if (typeof setTimeout !== "function") throw new Error("none"); setTimeout("globalThis.two = 2", 10); throw new Error("not text"); },
  };
  for (const [name, way] of Object.entries(ways)) {
    try { console.log(`${name} gave ${await way()}`); } catch (e) { console.log(`${name} failed: ${e.message}`); }
  }
  return {};
});
