// Half of a character, which is no text.
lazyoc.on("render", () => ({ type: "badge", label: "a\ud800b" }));
