// Changes files that it was only to read.
lazyoc.on("command", async () => {
  for (const [call, args] of [
    ["files.write", { path: "/mnt/reports/mine.txt", data: "overwritten" }], ["files.delete", { path: "/mnt/reports/mine.txt" }],
    ["files.rename", { path: "/mnt/reports/mine.txt", to: "/mnt/reports/other.txt" }], ["files.write", { path: "/plugin/main.js", data: "x" }],
  ]) {
    try { await lazyoc.call(call, args); console.log(`${call} changed`); } catch (e) { console.log(`${call} failed: ${e.code}`); }
  }
  return {};
});
