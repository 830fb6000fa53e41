// Goes on when it is uninstalled: by timers, by events, by a goodbye that has no end.
lazyoc.on("activate", async () => {
  await lazyoc.call("events.subscribe", { topics: ["resource.pods", "plugin.removed"] });
  setInterval(() => console.log("still here"), 10);
});
lazyoc.on("event", () => ({}));
lazyoc.on("deactivate", () => new Promise(() => { const again = () => Promise.resolve().then(() => { setTimeout(again, 10); console.log("still here"); }); again(); }));
lazyoc.on("command", () => ({}));
