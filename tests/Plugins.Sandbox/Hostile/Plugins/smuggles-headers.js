// Puts a second request into the headers of the first, and a name into its URL.
lazyoc.on("command", async () => {
  for (const [what, args] of [
    ["split", { url: "%URL%", headers: { "x-a": "b\r\nHost: internal\r\n\r\nGET /admin HTTP/1.1" } }], ["name", { url: "%URL%", headers: { "x-a\r\nHost": "internal" } }],
    ["internal", { url: "%URL%", headers: { Host: "internal" } }], ["chunked", { url: "%URL%", headers: { "Transfer-Encoding": "chunked" } }], ["user", { url: "%URL%".replace("://", "://user:secret@") }],
  ]) {
    try { await lazyoc.call("http.fetch", args); console.log(`sent ${what}`); } catch (e) { console.log(`failed: ${e.code}`); }
  }
  return {};
});
