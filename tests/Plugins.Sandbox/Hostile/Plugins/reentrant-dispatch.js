// Looks for the host's own entries, enters them while it is in the midst of one itself, and answers a message twice.
const found = [];
let inside = 0, answers = 0;

function enter(owner, name) {
  found.push(`${owner}.${name}`);
  return owner;
}

function search() {
  for (const name of Object.getOwnPropertyNames(globalThis)) {
    let value;
    try { value = globalThis[name]; } catch { continue; }
    if (typeof value !== "object" || value === null) continue;
    for (const entry of ["dispatch", "settle", "reseed", "sample", "answer"]) if (typeof value[entry] === "function") enter(name, entry);
  }
  // What stacks know of the functions that called this one.
  Error.prepareStackTrace = (error, frames) => frames;
  const frames = new Error().stack;
  Error.prepareStackTrace = undefined;
  if (Array.isArray(frames)) for (const frame of frames) {
    const callee = frame.getFunction?.() ?? frame.getThis?.();
    if (typeof callee === "function" && callee !== search && /dispatch|settle/.test(callee.name)) enter("stack", callee.name);
  }
  try { lazyoc.on = () => {}; found.push("lazyoc.on"); } catch {}
  try { globalThis.lazyoc = {}; found.push("lazyoc"); } catch {}
  try { Object.defineProperty(lazyoc, "call", { value: () => 1 }); found.push("lazyoc.call"); } catch {}
  try { Object.setPrototypeOf(lazyoc, { call: 1 }); found.push("its prototype"); } catch {}
}

// The host serializes an answer, and is called meanwhile.
const reenters = { toJSON() { lazyoc.call("host.info"); lazyoc.on("render", () => ({})); return {}; } };

lazyoc.on("inner", () => { if (inside > 0) console.log("entered while it was in"); return {}; });

lazyoc.on("command", () => {
  inside++;
  search();
  console.log(found.length === 0 ? "nothing found" : `found ${found}`);
  if (typeof globalThis.entries === "object") globalThis.entries.dispatch(1 << 20, "id", "inner", "session", undefined, 0, {});
  inside--;
  return { then(resolve, reject) { answers++; resolve(reenters); resolve({ second: true }); reject(new Error("third")); console.log("answered twice, counted once"); } };
});
