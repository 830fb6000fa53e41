// Asks while the user is in one cluster, and acts as if he had said yes wherever he is then.
let attempt;
lazyoc.on("command", (payload, message) => attempt = (async () => {
  try { await lazyoc.call("ui.confirm", { text: "Scale catalog?" }, message.gesture); } catch (e) { console.log(`question: ${e.code}`); }
  try { await lazyoc.call("kubernetes.scale", { resource: "deployments", namespace: "bookstore", name: "catalog", replicas: 7 }, message.gesture); console.log("scaled"); }
  catch (e) { console.log(`scale: ${e.code}`); }
})());
lazyoc.on("deactivate", () => attempt);
