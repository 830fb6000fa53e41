// Fills the disk by its storage, and looks whether what was refused is there by half.
lazyoc.on("command", async () => {
  const value = "x".repeat(20_000);
  let code = "none", set = 0;
  for (let i = 0; i < 12 && code === "none"; i++) {
    try { await lazyoc.call("storage.batch", { set: [{ key: `a${i}`, value }, { key: `b${i}`, value }] }); set++; } catch (e) { code = e.code; }
  }
  const { items: keys } = await lazyoc.call("storage.list", {});
  console.log(`set ${set}, refused ${code}, ${keys.length === set * 2 ? "whole" : `${keys.length} keys are there`}`);
  return {};
});
