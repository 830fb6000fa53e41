// Opens as many connections to a server as it can.
lazyoc.on("command", async () => {
  const codes = { answered: 0 };
  const all = [];
  for (let i = 0; i < 8; i++) all.push(lazyoc.call("http.fetch", { url: "%URL%" }).then(() => { codes.answered++; }, (e) => { console.log(`refused ${i}`); codes[e.code] = (codes[e.code] ?? 0) + 1; }));
  await Promise.all(all);
  console.log(`at once ${JSON.stringify(codes)}`);
});
