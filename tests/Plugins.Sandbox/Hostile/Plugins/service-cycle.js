// Has another plugin call it back, and that one again, without end.
lazyoc.on("service", async ({ service, input }) => {
  try { return { depth: (await lazyoc.call("services.call", { service: "friend.plugin/echo", input: { depth: input.depth + 1 } })).output.depth }; }
  catch (e) { console.log(`cycle failed: ${e.code}`); return { depth: input.depth }; }
});
lazyoc.on("command", async () => {
  try { const { output } = await lazyoc.call("services.call", { service: "friend.plugin/echo", input: { depth: 0 } }); console.log(`answered ${output.depth}`); }
  catch (e) { console.log(`failed: ${e.code}`); }
  return {};
});
