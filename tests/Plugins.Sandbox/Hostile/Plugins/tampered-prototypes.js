// Replaces what the host's own part of the context might use, to get at its bridges, its table of calls and its handlers.
const loot = [];
const spy = (owner, name) => {
  const before = owner[name];
  owner[name] = function (...args) { loot.push(name); return before.apply(this, args); };
};
for (const [owner, names] of [
  [Map.prototype, ["get", "set", "delete"]], [Promise.prototype, ["then"]], [JSON, ["parse", "stringify"]],
  [Reflect, ["apply", "ownKeys"]], [Object, ["create", "defineProperty", "freeze"]], [String.prototype, ["toWellFormed"]],
]) for (const name of names) spy(owner, name);
Object.defineProperty(Object.prototype, "resolve", { set() { loot.push("resolve"); }, configurable: true });
Object.defineProperty(Object.prototype, "error", { set() { loot.push("error"); }, configurable: true });

loot.length = 0;

lazyoc.on("command", async () => {
  await lazyoc.call("host.info", {});
  const host = loot.filter((name) => name !== "then");
  console.log(host.length === 0 ? "host untouched" : `host used ${host}`);
  return {};
});
