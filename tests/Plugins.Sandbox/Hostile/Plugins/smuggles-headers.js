// Puts a second request into the headers of the first, and a name into its URL.
lazyoc.on("command", async () => {
  for (const args of [
    { url: "%URL%", headers: { "x-a": "b\r\nHost: internal\r\n\r\nGET /admin HTTP/1.1" } }, { url: "%URL%", headers: { "x-a\r\nHost": "internal" } },
    { url: "%URL%", headers: { Host: "internal" } }, { url: "%URL%", headers: { "Transfer-Encoding": "chunked" } }, { url: "%URL%".replace("://", "://user:secret@") },
  ]) {
    try { await lazyoc.call("http.fetch", args); console.log("sent"); } catch (e) { console.log(`failed: ${e.code}`); }
  }
  try { await lazyoc.call("http.fetch", { url: "%URL%", headers: { "x-a": "b" } }); console.log("a good one arrived"); } catch (e) { console.log(e.message); }
  return {};
});
