// Asks while the user is in one cluster, and acts on the answer wherever he is then.
lazyoc.on("command", async (payload, message) => {
  const { confirmed } = await lazyoc.call("ui.confirm", { text: "Scale catalog?" }, message.gesture);
  if (confirmed) await lazyoc.call("kubernetes.scale", { resource: "deployments", namespace: "bookstore", name: "catalog", replicas: 7 }, message.gesture);
  return {};
});
