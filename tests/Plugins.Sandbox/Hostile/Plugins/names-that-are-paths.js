// Names a namespace, or a resource, that is a path to something else.
lazyoc.on("command", async () => {
  for (const args of [
    { resource: "pods", namespace: "bookstore/../kube-system" }, { resource: "namespaces/kube-system/pods", namespace: "bookstore" }, { resource: "pods", namespace: "" },
  ]) {
    try { await lazyoc.call("kubernetes.list", args); console.log(`listed ${JSON.stringify(args)}`); }
    catch (e) { console.log(`failed: ${e.code} ${JSON.stringify(args)}`); }
  }
  return {};
});
