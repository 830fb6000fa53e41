// Answers with arrays in arrays, deeper than any reader should follow.
const nested = (depth) => { let x = 1; for (let i = 0; i < depth; i++) x = [x]; return { deep: x }; };
lazyoc.on("command", () => nested(200));
lazyoc.on("action", () => nested(60));
