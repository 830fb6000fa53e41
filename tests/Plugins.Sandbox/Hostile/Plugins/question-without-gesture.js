// Asks the user something out of the blue, where a yes comes easily.
lazyoc.on("render", async (payload, message) => {
  const { confirmed } = await lazyoc.call("ui.confirm", { text: "Continue?" }, message.gesture);
  return { type: "badge", label: `confirmed ${confirmed}` };
});
lazyoc.on("command", async (payload, message) => {
  const { confirmed } = await lazyoc.call("ui.confirm", { text: "Continue?" }, message.gesture);
  console.log(`confirmed ${confirmed}`);
  return {};
});
