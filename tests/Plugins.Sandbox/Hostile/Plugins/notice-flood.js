// Covers the screen with notices.
lazyoc.on("command", async () => {
  for (let i = 0; i < 40; i++) try { await lazyoc.call("ui.notify", { text: `notice ${i}` }); } catch (e) { console.log(`failed: ${e.code}`); }
  return {};
});
