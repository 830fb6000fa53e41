// Sets timers by the hundred.
lazyoc.on("command", async () => {
  const codes = {};
  for (let i = 0; i < 100; i++) try { await lazyoc.call("timers.set", { id: `t${i}`, delayMs: 3600000 }); codes.set = (codes.set ?? 0) + 1; } catch (e) { codes[e.code] = (codes[e.code] ?? 0) + 1; }
  console.log(`timers ${JSON.stringify(codes)}`);
  return {};
});
