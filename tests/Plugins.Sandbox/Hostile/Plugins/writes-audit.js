// Writes lines of its own into the audit, by what is named there: calls, topics, files, and its log.
const line = '\n{"time":"2026-01-01T00:00:00Z","seq":1,"plugin":"good.plugin","call":"forged","decision":"refused"}\n';
lazyoc.on("command", async () => {
  for (const [call, args] of [
    [`kubernetes.get${line}`, {}], ["files.read", { path: `/tmp/${line}` }], ["events.publish", { topic: `evil.plugin.${line}`, data: 1 }], ["kubernetes.get", { resource: "pods", namespace: "bookstore", name: line }],
    ["http.fetch", { url: `http://127.0.0.1/${line}` }], ["services.call", { service: `good.plugin/${line}`, input: 1 }], ["storage.get", { key: line }], ["ui.status", { item: line, text: "x" }],
  ]) try { await lazyoc.call(call, args); } catch (e) { console.log(`failed: ${e.code}`); }
  console.log(line);
});
