// Faults again and again, so that the host does nothing but start it.
lazyoc.on("activate", () => { throw new Error("again"); });
