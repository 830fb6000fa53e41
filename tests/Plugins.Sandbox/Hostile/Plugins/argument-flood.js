// Makes the host read a great deal that is of no use.
lazyoc.on("command", async () => {
  let taken = 0, code = "";
  for (let i = 0; i < 12; i++) {
    try { await lazyoc.call("log.write", { message: "x".repeat(1_000_000) }); taken++; } catch (e) { code = e.code; }
  }
  console.log(`taken ${taken}, refused ${code}`);
  return {};
});
