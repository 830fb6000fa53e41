// Sends a request to a name, and another when its owner has changed what it means.
lazyoc.on("command", async () => {
  for (const which of ["first", "second"]) {
    try { const { status } = await lazyoc.call("http.fetch", { url: "%URL%" }); console.log(`${which} ${status}`); } catch (e) { console.log(`${which} failed: ${e.code} ${e.message}`); }
  }
});
