// Was let into one namespace and goes to another, and to all of them.
lazyoc.on("command", async () => {
  for (const args of [{ resource: "pods", namespace: "kube-system" }, { resource: "pods" }]) {
    try { await lazyoc.call("kubernetes.list", args); console.log(`listed ${JSON.stringify(args)}`); }
    catch (e) { console.log(`failed: ${e.code} ${JSON.stringify(args)}`); }
  }
  return {};
});
