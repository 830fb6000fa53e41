import { defineMigration } from "@lazyoc/plugin";

defineMigration(async (store) => {
  const marked = await store.get<string>("marked");
  if (marked === undefined) return;
  await store.batch({ set: marked.split(",").map((name) => ({ key: `marked/${name}`, value: true })), delete: [{ key: "marked" }] });
});
