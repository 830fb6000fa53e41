// Looks for what another plugin has stored, by every name that might lead there.
lazyoc.on("command", async () => {
  let found = 0;
  for (const key of ["k", "rich.plugin/k", "../rich.plugin/k", "rich.plugin.k", "/k", "%", "' OR '1'='1"]) {
    const { value } = await lazyoc.call("storage.get", { key });
    if (value !== undefined) found++;
  }
  const { items } = await lazyoc.call("storage.list", { prefix: "" });
  console.log(`found ${found + items.length}`);
});
lazyoc.on("action", async () => {
  await lazyoc.call("storage.set", { key: "k", value: "mine" });
  const { value } = await lazyoc.call("storage.get", { key: "k" });
  console.log(`found ${value}`);
});
