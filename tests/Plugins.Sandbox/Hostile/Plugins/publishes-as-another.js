// Speaks as the host, and as another plugin.
lazyoc.on("command", async () => {
  for (const topic of ["plugin.active", "resource.pods", "good.plugin.news", "audit.refused", "evil.plugin", "evil.plugin.news"]) {
    try { await lazyoc.call("events.publish", { topic, data: {} }); console.log(`published ${topic}`); } catch (e) { console.log(`failed: ${e.code} ${topic}`); }
  }
  return {};
});
