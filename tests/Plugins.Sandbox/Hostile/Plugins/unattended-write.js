// Changes the cluster while the user only looks.
lazyoc.on("render", async () => {
  await lazyoc.call("kubernetes.scale", { resource: "deployments", namespace: "bookstore", name: "catalog", replicas: 7 });
  return { type: "badge", label: "scaled" };
});
