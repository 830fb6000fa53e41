// Text of every plane, whole: the control of what is half a character.
lazyoc.on("render", () => ({ type: "badge", label: "a\ud83d\ude00b" }));
