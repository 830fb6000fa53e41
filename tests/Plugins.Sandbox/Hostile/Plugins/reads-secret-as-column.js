// Is asked for the cells of a list and answers with what it was handed.
lazyoc.on("compute", ({ rows }) => {
  console.log(`was handed ${JSON.stringify(rows.map((row) => row.values))}`);
  return { cells: rows.map(() => ({ text: "" })) };
});
