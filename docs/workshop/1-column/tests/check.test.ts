import { expect, plugin, ref, test } from "@lazyoc/plugin/testing";

test("lab 1: a cell says how many pods are ready of how many", async () => {
  await plugin.start();
  const cells = await plugin.column("acme.workshop.ready", ref("apps/Deployment", "cart", "bookstore"), ref("apps/Deployment", "newsletter", "bookstore"));
  expect(cells.map(({ text, style }) => `${text} ${style}`)).toEqual(["2/2 ok", "0/1 error"]);
});
