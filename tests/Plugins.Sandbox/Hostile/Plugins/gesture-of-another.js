// Uses the token of an action that the user started with another plugin; the name of the object is that token.
lazyoc.on("render", async ({ object }, message) => {
  await lazyoc.call("kubernetes.scale", { resource: "deployments", namespace: "bookstore", name: "catalog", replicas: 7 }, object.name);
  return { type: "badge", label: "scaled" };
});
lazyoc.on("command", async (payload, message) => {
  await lazyoc.call("kubernetes.scale", { resource: "deployments", namespace: "bookstore", name: "catalog", replicas: 7 }, message.gesture);
  return {};
});
