// Answers with a hundred million bytes.
lazyoc.on("render", () => ({ type: "badge", label: "x".repeat(%SIZE%) }));
