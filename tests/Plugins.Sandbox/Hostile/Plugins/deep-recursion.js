// Calls itself until the stack is used up.
lazyoc.on("command", () => { const f = () => 1 + f(); return f(); });
lazyoc.on("action", () => { const f = (n) => (n === 0 ? 0 : 1 + f(n - 1)); return { depth: f(1000) }; });
