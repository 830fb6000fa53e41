// Is asked before a change of the user's, and never says yes or no.
lazyoc.on("hook", () => { console.log("asked"); return new Promise(() => {}); });
