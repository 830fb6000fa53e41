// Never says that it has started.
lazyoc.on("activate", () => new Promise(() => {}));
lazyoc.on("render", () => ({ type: "badge", label: "started" }));
