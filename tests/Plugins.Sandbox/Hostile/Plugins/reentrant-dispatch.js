// Looks for a way to call the host's own entries, or to replace what it was given.
lazyoc.on("command", () => {
  const found = [];
  for (const name of Object.getOwnPropertyNames(globalThis)) if (/dispatch|settle|bridge/i.test(name)) found.push(name);
  try { lazyoc.on = () => {}; found.push("on"); } catch {}
  try { globalThis.lazyoc = {}; found.push("lazyoc"); } catch {}
  try { Object.defineProperty(lazyoc, "call", { value: () => 1 }); found.push("call"); } catch {}
  const mine = {};
  mine.on = 1;
  console.log(found.length === 0 ? "nothing found" : `found ${found}`);
  console.log(mine.on === 1 ? "an object of its own can be changed" : "");
  return {};
});
