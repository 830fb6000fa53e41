// Sends as many requests as it can.
lazyoc.on("command", async () => {
  const codes = {};
  for (let i = 0; i < 30; i++) try { await lazyoc.call("http.fetch", { url: "%URL%" }); codes.answered = (codes.answered ?? 0) + 1; } catch (e) { codes[e.code] = (codes[e.code] ?? 0) + 1; }
  console.log(`requests ${JSON.stringify(codes)}`);
});
