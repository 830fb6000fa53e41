// Sends what no call takes: unknown keys, wrong types, keys twice, numbers as text, prototypes.
lazyoc.on("command", async () => {
  for (const args of [
    { resource: "pods", verb: "delete" }, { resource: 5 }, { resource: null }, [], "pods", { resource: "pods", limit: "all" }, { resource: "pods", limit: 1e9 },
    JSON.parse('{"resource":"pods","__proto__":{"namespace":"x"}}'),
  ]) {
    try { await lazyoc.call("kubernetes.list", args); console.log(`answered ${JSON.stringify(args)}`); } catch (e) { console.log(`failed: ${e.code}`); }
  }
  try { await lazyoc.call("kubernetes.list", { resource: "pods", limit: 1 }); console.log("well-formed answered"); } catch (e) { console.log(e.code); }
  return {};
});
