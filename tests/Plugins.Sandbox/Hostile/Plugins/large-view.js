// As large a view as may be: the control of what draws too much.
lazyoc.on("render", () => ({ type: "stack", children: Array.from({ length: 4999 }, (_, i) => ({ type: "badge", label: `${i}` })) }));
