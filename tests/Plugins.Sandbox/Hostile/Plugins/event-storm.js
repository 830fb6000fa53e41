// Publishes more than anybody can take.
lazyoc.on("command", async () => {
  let published = 0, code = "none";
  for (let i = 0; i < 600; i++) { try { await lazyoc.call("events.publish", { topic: "evil.plugin.storm", data: i }); published++; } catch (e) { code = e.code; } }
  console.log(`published ${published}, refused ${code}`);
  return {};
});
