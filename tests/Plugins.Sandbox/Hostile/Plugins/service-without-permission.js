// Uses another plugin's rights.
lazyoc.on("command", async () => {
  try { const { output } = await lazyoc.call("services.call", { service: "friend.plugin/echo", input: { depth: 0 } }); console.log(`answered ${output.depth}`); }
  catch (e) { console.log(`failed: ${e.code}`); }
  return {};
});
