// Asks for more than its share of host calls.
lazyoc.on("command", async () => {
  let answered = 0;
  const refused = {};
  for (let i = 0; i < 300; i++) {
    try { await lazyoc.call("host.info"); answered++; } catch (e) { refused[e.code] = (refused[e.code] ?? 0) + 1; }
  }
  console.log(`answered ${answered}, refused ${JSON.stringify(refused)}`);
  return {};
});
