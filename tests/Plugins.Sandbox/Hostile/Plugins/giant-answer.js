// Answers with a hundred million bytes.
lazyoc.on("render", () => ({ type: "badge", label: "x".repeat(100_000_000) }));
