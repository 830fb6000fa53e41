// A regular expression that backtracks for ever.
lazyoc.on("command", () => { /^(a+)+$/.test("a".repeat(26) + "b"); });
