// Goes through a link that lies in the folder it was given.
lazyoc.on("command", async () => {
  for (const path of ["/mnt/reports/link/secret.txt", "/mnt/reports/file-link"]) {
    try { const { size } = await lazyoc.call("files.read", { path }); console.log(`read ${size}`); } catch (e) { console.log(`failed: ${e.code}`); }
  }
  try { await lazyoc.call("files.write", { path: "/mnt/reports/link/planted", data: "x" }); console.log("planted"); } catch (e) { console.log(`failed: ${e.code}`); }
  return {};
});
