// Fills the memory that its temporary files lie in.
lazyoc.on("command", async () => {
  const data = "x".repeat(500_000);
  let written = 0, code = "none";
  for (let i = 0; i < 20 && code === "none"; i++) { try { await lazyoc.call("files.write", { path: `/tmp/${i}`, data }); written++; } catch (e) { code = e.code; } }
  console.log(`wrote ${written}, refused ${code}`);
  return {};
});
