// Knocks at a door that is closed, again and again.
lazyoc.on("render", async () => {
  for (let i = 0; i < 40; i++) try { await lazyoc.call("kubernetes.get", { resource: "secrets", namespace: "bookstore", name: `s${i}` }); } catch {}
  return { type: "badge", label: "went on" };
});
