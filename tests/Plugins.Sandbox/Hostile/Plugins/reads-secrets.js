// Reads every secret there is.
lazyoc.on("command", async () => {
  try {
    const { items } = await lazyoc.call("kubernetes.list", { resource: "secrets" });
    console.log(`stole ${items.length} secrets`);
  } catch (e) { console.log(`failed: ${e.code}`); }
  return {};
});
