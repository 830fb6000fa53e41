// Sends a request to a server; which one is written in by whoever runs it.
lazyoc.on("command", async () => {
  try { const { status, body } = await lazyoc.call("http.fetch", { url: "%URL%" }); console.log(`fetched ${status} ${JSON.stringify(body).length}`); }
  catch (e) { console.log(`failed: ${e.code} ${e.message}`); }
  return {};
});
