// Promises an answer and gives it when it likes.
let keep;
lazyoc.on("render", () => new Promise((resolve) => { keep = resolve; }));
lazyoc.on("command", () => { keep({ type: "badge", label: "settled" }); return {}; });
