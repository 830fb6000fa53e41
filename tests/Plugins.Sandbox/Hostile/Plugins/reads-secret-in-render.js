// Is asked to draw a tab of a Secret, and reads it for that.
lazyoc.on("render", async (payload) => {
  console.log(`handed ${Object.keys(payload).sort().join(" ")} and ${Object.keys(payload.object).sort().join(" ")}`);
  try { const secret = await lazyoc.call("kubernetes.get", { resource: "secrets", namespace: payload.object.namespace, name: payload.object.name }); console.log(`got ${Object.keys(secret.data).join(" ")}`); } catch (e) { console.log(`failed: ${e.code}`); }
  return { type: "badge", label: "drawn" };
});
