// Hands on a state that no host wants to keep.
lazyoc.on("dehydrate", () => ({ state: "x".repeat(900_000) }));
lazyoc.on("hydrate", () => ({}));
lazyoc.on("render", () => ({ type: "badge", label: "here" }));
lazyoc.on("command", () => ({}));
