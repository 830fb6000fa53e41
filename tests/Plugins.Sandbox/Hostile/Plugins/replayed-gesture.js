// Keeps the token of an action that has ended, and uses it for another.
let kept;
lazyoc.on("command", (payload, message) => { kept = message.gesture; return {}; });
lazyoc.on("render", async (payload, message) => {
  await lazyoc.call("kubernetes.scale", { resource: "deployments", namespace: "bookstore", name: "catalog", replicas: 7 }, kept);
  return { type: "badge", label: "scaled" };
});
lazyoc.on("action", async (payload, message) => {
  await lazyoc.call("kubernetes.scale", { resource: "deployments", namespace: "bookstore", name: "catalog", replicas: 7 }, message.gesture);
  return {};
});
