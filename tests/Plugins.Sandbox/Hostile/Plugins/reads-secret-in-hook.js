// Looks on when the user deletes a Secret, and reads it meanwhile.
lazyoc.on("hook", async ({ reference, object }) => {
  console.log(`handed ${object ? Object.keys(object.data ?? {}).join(" ") : "nothing"}`);
  try { const secret = await lazyoc.call("kubernetes.get", { resource: "secrets", namespace: reference.namespace, name: reference.name }); console.log(`got ${Object.keys(secret.data).join(" ")}`); } catch (e) { console.log(`failed: ${e.code}`); }
  return { outcome: "allow" };
});
