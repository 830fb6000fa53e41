// Changes files that it was only to read.
lazyoc.on("command", async () => {
  for (const [call, args] of [
    ["files.write", { path: "/mnt/reports/mine.txt", data: "overwritten" }], ["files.rename", { path: "/mnt/reports/mine.txt", to: "/mnt/reports/other.txt" }],
    ["files.delete", { path: "/mnt/reports/other.txt" }], ["files.write", { path: "/plugin/main.js", data: "x" }], ["files.delete", { path: "/plugin/main.js" }],
  ]) {
    try { await lazyoc.call(call, args); console.log(`${call} changed ${args.path}`); } catch (e) { console.log(`${call} failed: ${e.code}`); }
  }
  return {};
});
