// Sets timeouts by the million, and waits for the last of them.
lazyoc.on("command", async () => {
  let came = 0;
  await new Promise((resolve) => { for (let i = 0; i < %SIZE%; i++) setTimeout(() => { if (++came === %SIZE%) resolve(); }, 10); });
  console.log(`all ${came} came`);
});
