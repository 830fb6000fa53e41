// Answers with views in views, deeper than any reader should follow.
lazyoc.on("render", () => { let x = { type: "badge", label: "down here" }; for (let i = 0; i < 100; i++) x = { type: "stack", children: [x] }; return x; });
