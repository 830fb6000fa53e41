// Asks for more random bytes than an answer holds, and for a digest by a name that is none.
lazyoc.on("command", async () => {
  for (const [call, args] of [["crypto.random", { bytes: 1e9 }], ["crypto.random", { bytes: -1 }], ["crypto.hash", { algorithm: "md4", data: "x" }]]) {
    try { await lazyoc.call(call, args); console.log("answered"); } catch (e) { console.log(`failed: ${e.code}`); }
  }
  const { base64 } = await lazyoc.call("crypto.random", { bytes: 16 });
  console.log(`a good one gave ${base64.length}`);
  return {};
});
