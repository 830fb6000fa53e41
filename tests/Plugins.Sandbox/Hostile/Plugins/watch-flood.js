// Watches the same again and again, so that the API server has as many watches to keep up.
lazyoc.on("watch", () => ({}));
lazyoc.on("command", async () => {
  const codes = { open: 0 };
  for (let i = 0; i < 60; i++) try { await lazyoc.call("kubernetes.watch", { resource: "pods", fields: [".status.phase"] }); codes.open++; } catch (e) { codes[e.code] = (codes[e.code] ?? 0) + 1; }
  console.log(`watches ${JSON.stringify(codes)}`);
});
