// Draws its view anew as fast as it can, so that the screen does nothing else.
let open;
lazyoc.on("render", ({ instance }) => { open = instance; return { type: "badge", label: "update 0" }; });
lazyoc.on("command", async () => { for (let i = 1; i <= 100; i++) await lazyoc.call("ui.update", { instance: open, content: { type: "badge", label: `update ${i}` } }); });
