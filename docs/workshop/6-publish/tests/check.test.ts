import { expect, plugin, ref, test } from "@lazyoc/plugin/testing";

const bookstore = ref("Namespace", "bookstore");

test("lab 6: keeps what version 1 had marked", async () => {
  await plugin.start({ stored: { marked: "billing,bookstore" }, storedBy: "1.0.0" });
  expect(await plugin.hook("delete", bookstore)).toEqual({ outcome: "warn", text: "bookstore is marked" });
});

test("lab 6: warns of what is marked and of nothing else", async () => {
  await plugin.start();
  expect(await plugin.hook("delete", bookstore)).toEqual({ outcome: "allow" });
  await plugin.command("acme.workshop.mark", { name: "bookstore" });
  expect(await plugin.hook("delete", bookstore)).toEqual({ outcome: "warn", text: "bookstore is marked" });
});
