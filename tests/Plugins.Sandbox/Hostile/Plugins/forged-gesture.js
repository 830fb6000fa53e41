// Invents the token of a user's action.
lazyoc.on("render", async (payload, message) => {
  await lazyoc.call("kubernetes.scale", { resource: "deployments", namespace: "bookstore", name: "catalog", replicas: 7 }, message.gesture ?? "0123456789abcdef0123456789abcdef");
  return { type: "badge", label: "scaled" };
});
lazyoc.on("command", async (payload, message) => {
  await lazyoc.call("kubernetes.scale", { resource: "deployments", namespace: "bookstore", name: "catalog", replicas: 7 }, message.gesture);
  return {};
});
