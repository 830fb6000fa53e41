// Looks for a way out of its own tree of files, by every call that takes a path.
const calls = {
  "files.read": (path) => ({ path }), "files.write": (path) => ({ path, data: "planted" }), "files.list": (path) => ({ path }), "files.stat": (path) => ({ path }),
  "files.delete": (path) => ({ path }), "files.rename": (path) => ({ path: "/mnt/reports/mine.txt", to: path }), "http.fetch": (path) => ({ url: "http://127.0.0.1:1/", saveTo: path }),
};
lazyoc.on("command", async () => {
  let tried = 0, refused = 0;
  for (const path of [
    "/etc/passwd", "/plugin/../../etc/passwd", "/tmp/../../../etc/passwd", "/mnt/reports/../../../etc/passwd", "/mnt/reports/..", "/mnt/other/x", "tmp/x",
    "/mnt/reports/\0/etc/passwd", "\\etc\\passwd", "/mnt/reports/" + "a/".repeat(500) + "x", "/mnt/reports/" + "n".repeat(5000), "//etc/passwd", "/mnt/reports//../../secret.txt", "/proc/self/environ", "",
    "/mnt/reports/../../secret.txt", "/mnt/reports/../reports/mine.txt", "\\\\?\\C:\\secret.txt", "/mnt/reports/CON\\..\\x",
  ]) for (const [call, args] of Object.entries(calls)) {
    tried++;
    try { await lazyoc.call(call, args(path)); console.log(`${call} did ${path.slice(0, 60)}`); } catch (e) { refused++; }
  }
  // The other end of a move.
  for (const path of ["/etc/passwd", "/mnt/reports/../../secret.txt", "/mnt/other/x"]) {
    tried++;
    try { await lazyoc.call("files.rename", { path, to: "/mnt/reports/stolen.txt" }); console.log(`files.rename did ${path}`); } catch (e) { refused++; }
  }
  console.log(`tried ${tried}, refused ${refused}`);
  return {};
});
