// Calls itself until the stack is used up; `action` only a thousand times.
lazyoc.on("command", () => { const f = () => 1 + f(); f(); });
lazyoc.on("action", () => { const f = (n) => (n === 0 ? 0 : 1 + f(n - 1)); f(1000); });
