// Looks for a way out of its own tree of files.
lazyoc.on("command", async () => {
  for (const path of [
    "/etc/passwd", "/plugin/../../etc/passwd", "/tmp/../../../etc/passwd", "/mnt/reports/../../../etc/passwd", "/mnt/reports/..", "/mnt/other/x", "/mnt", "tmp/x",
    "/mnt/reports/\0/etc/passwd", "\\etc\\passwd", "/mnt/reports/" + "a/".repeat(500) + "x", "/mnt/reports/" + "n".repeat(5000), "//etc/passwd", "/mnt/reports//../../secret.txt", "/proc/self/environ", "",
  ]) {
    try { const { size } = await lazyoc.call("files.read", { path }); console.log(`read ${size} of ${path.slice(0, 40)}`); }
    catch (e) { console.log(`failed: ${e.code}`); }
  }
  try { const { size } = await lazyoc.call("files.read", { path: "/mnt/reports/mine.txt" }); console.log(`own file has ${size}`); } catch (e) { console.log(e.code); }
  return {};
});
