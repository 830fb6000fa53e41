// Has the host save an answer that has no end; whose server is written in by whoever runs it.
lazyoc.on("command", async () => {
  let ended;
  try { ended = `saved ${(await fetch("%URL%", { saveTo: "/tmp/answer" })).savedBytes}`; }
  catch (e) { ended = `failed: ${e.code}`; }
  const { entries } = await lazyoc.call("files.list", { path: "/tmp" });
  console.log(`${ended}, ${entries.length} files`);
  return {};
});
