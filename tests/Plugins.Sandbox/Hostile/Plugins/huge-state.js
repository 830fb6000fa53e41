// Hands on a state that no host wants to keep.
lazyoc.on("dehydrate", () => ({ state: "x".repeat(%SIZE%) }));
lazyoc.on("hydrate", ({ state }) => { console.log(`was handed ${state.length}`); return {}; });
lazyoc.on("render", () => ({ type: "badge", label: "here" }));
