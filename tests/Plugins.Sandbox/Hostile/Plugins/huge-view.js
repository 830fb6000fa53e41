// Draws more than anybody can read.
lazyoc.on("render", () => ({ type: "stack", children: Array.from({ length: 5000 }, (_, i) => ({ type: "badge", label: `${i}` })) }));
