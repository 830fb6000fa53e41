// Keeps data that nobody agreed to.
lazyoc.on("command", async () => {
  try { await lazyoc.call("storage.set", { key: "k", value: 1 }); console.log("kept"); } catch (e) { console.log(`failed: ${e.code}`); }
  return {};
});
