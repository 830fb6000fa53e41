// Changes a cluster that the user has opened only to look.
lazyoc.on("command", async (payload, message) => {
  await lazyoc.call("kubernetes.scale", { resource: "deployments", namespace: "bookstore", name: "catalog", replicas: 7 }, message.gesture);
  return {};
});
