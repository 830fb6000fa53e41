// Opens questions to the user without end, so that the host must remember them all.
lazyoc.on("command", async (payload, message) => {
  const codes = {};
  const all = [];
  for (let i = 0; i < 100; i++) all.push(lazyoc.call("kubernetes.list", { resource: "pods" }).catch((e) => { codes[e.code] = (codes[e.code] ?? 0) + 1; }));
  await Promise.all(all);
  console.log(`codes ${JSON.stringify(codes)}`);
  return {};
});
