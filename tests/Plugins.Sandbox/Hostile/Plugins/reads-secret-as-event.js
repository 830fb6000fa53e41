// Follows objects it may not read and prints everything it is told.
lazyoc.on("activate", async () => { await lazyoc.call("events.subscribe", { topics: ["resource.pods"] }); return {}; });
lazyoc.on("event", ({ data }) => { if (data.object) console.log(`told ${Object.keys(data.object).sort().join(" ")}`); return {}; });
lazyoc.on("render", () => ({ type: "badge", label: "watching" }));
