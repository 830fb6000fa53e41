// Takes memory until there is none.
lazyoc.on("command", () => {
  const all = [];
  for (let i = 0; i < 40; i++) all.push(new Uint8Array(1 << 20).fill(1));
  console.log(`holds ${all.length} MiB`);
  return {};
});
