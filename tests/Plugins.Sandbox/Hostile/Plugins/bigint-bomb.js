// One operation of the language that takes for ever and does not ask whether it should stop.
lazyoc.on("command", () => {
  let x = 3n ** 300000n;
  for (let i = 0; i < 12; i++) x = x * x / (3n ** 300000n);
  return {};
});
