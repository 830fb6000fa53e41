// Was let into one namespace and goes to another, also by names that are paths.
lazyoc.on("command", async () => {
  for (const args of [
    { resource: "pods", namespace: "kube-system" }, { resource: "pods" }, { resource: "pods", namespace: "bookstore/../kube-system" },
    { resource: "namespaces/kube-system/pods" }, { resource: "pods", namespace: "" },
  ]) {
    try { await lazyoc.call("kubernetes.list", args); console.log(`listed ${JSON.stringify(args)}`); }
    catch (e) { console.log(`failed: ${e.code} ${JSON.stringify(args)}`); }
  }
  return {};
});
