// Fills the disk by its log.
lazyoc.on("command", () => { for (let i = 0; i < 100; i++) console.log(`${i} `.padEnd(8000, "x")); return {}; });
