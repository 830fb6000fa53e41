// Takes the processor for itself, and ignores being told to stop.
const spin = () => { for (let i = 0; i < 40_000_000; i++); };
lazyoc.on("command", () => {
  for (;;) { try { spin(); return {}; } catch {} finally { spin(); } }
});

lazyoc.on("render", () => ({ type: "empty", message: "" }));
