// Asks for more random bytes than anybody needs, and for a digest by a name that is none.
lazyoc.on("command", async () => {
  for (const [call, args] of [["crypto.random", { bytes: 500_000 }], ["crypto.random", { bytes: 1e9 }], ["crypto.random", { bytes: -1 }], ["crypto.hash", { algorithm: "md4", data: "x" }]]) {
    try { const { base64 } = await lazyoc.call(call, args); console.log(`answered ${base64.length}`); } catch (e) { console.log(`failed: ${e.code}`); }
  }
  return {};
});
