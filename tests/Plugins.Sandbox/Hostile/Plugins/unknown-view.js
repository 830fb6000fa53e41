// Sends bytes for the terminal in the place of a view.
lazyoc.on("render", () => ({ type: "raw", bytes: "\u001b[2J\u001b]0;owned\u0007" }));
