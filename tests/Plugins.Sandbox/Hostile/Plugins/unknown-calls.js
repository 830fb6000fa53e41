// Tries names until one is there, and writes lies into the audit with them.
lazyoc.on("command", async () => {
  for (const name of ["kubernetes.exec\n{\"decision\":\"done\"}", "process.run", "__proto__", "constructor", "x".repeat(5000)]) {
    try { await lazyoc.call(name, {}); console.log(`${name.slice(0, 20)} answered`); } catch (e) { console.log(`failed: ${e.code}`); }
  }
  try { await lazyoc.call("host.info", {}); console.log("host.info answered"); } catch (e) { console.log("host.info failed"); }
  return {};
});
