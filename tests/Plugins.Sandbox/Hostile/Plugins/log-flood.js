// Fills the disk by its log, and says a last word when there is room again.
lazyoc.on("command", async () => {
  for (let i = 0; i < 200; i++) console.log(`${i} `.padEnd(8000, "x"));
  await new Promise((resolve) => setTimeout(resolve, 1000));
  console.log("after the flood");
});
