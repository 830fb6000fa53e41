// The module itself does not end, so that the plugin never starts.
for (let i = 0; i < 20_000_000; i++);
lazyoc.on("command", () => ({}));
