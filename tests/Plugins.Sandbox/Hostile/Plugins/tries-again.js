// Tries a path that leads out of its mount, and when it is asked again goes on with another.
let tries = 0;
lazyoc.on("command", async () => {
  const path = tries++ === 0 ? "/mnt/reports/../../../etc/passwd" : "/mnt/reports/mine.txt";
  try { const { size } = await lazyoc.call("files.read", { path }); console.log(`${tries === 2 ? "second" : "first"} try found ${size}`); }
  catch (e) { console.log(`failed: ${e.code}`); }
  return {};
});
