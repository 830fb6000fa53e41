// Reads what other plugins did.
lazyoc.on("command", async () => {
  try { const { entries } = await lazyoc.call("audit.read", { limit: 100 }); console.log(`read ${entries.length}`); } catch (e) { console.log(`failed: ${e.code}`); }
  return {};
});
