// Reads what the user's folder holds, whichever it is.
lazyoc.on("command", async () => {
  try { const { entries } = await lazyoc.call("files.list", { path: "/mnt/reports" }); console.log(`listed ${entries.map((e) => e.name)}`); } catch (e) { console.log(`failed: ${e.code}`); }
  return {};
});
