// Has the host put to another plugin what no message holds, for which that one might be blamed.
lazyoc.on("command", async () => {
  try { const { output } = await lazyoc.call("services.call", { service: "friend.plugin/length", input: "x".repeat(1_048_450) }); console.log(`friend counted ${output}`); }
  catch (e) { console.log(`failed: ${e.code} ${e.message}`); }
});
