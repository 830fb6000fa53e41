// Every job makes the next: the queue of jobs has no end.
lazyoc.on("command", async () => {
  for (let i = 0; i < 2_000_000; i++) await 0;
  return {};
});
