// Draws into views that are not its own.
lazyoc.on("command", async () => {
  for (let i = 0; i < 20; i++) {
    try { await lazyoc.call("ui.update", { instance: `view-${i}`, content: { type: "badge", label: "owned" } }); console.log(`drew into view-${i}`); }
    catch (e) { console.log(`failed: ${e.code}`); }
  }
  return {};
});
lazyoc.on("render", () => ({ type: "badge", label: "mine" }));
