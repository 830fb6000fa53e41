// Answers as large as may be: the control of what answers too much.
lazyoc.on("render", () => ({ type: "badge", label: "x".repeat(900_000) }));
