// Takes less than its budget each time, and all the time.
lazyoc.on("render", () => { let x = 0; for (let i = 0; i < 300_000; i++) x += i; return { type: "badge", label: x > 0 ? "burnt" : "" }; });
