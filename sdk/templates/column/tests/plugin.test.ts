import { expect, plugin, ref, test } from "@lazyoc/plugin/testing";
import { short } from "../src/images.js";

test("shows the last part of an image's name", async () => {
  await plugin.start();
  const cells = await plugin.column("__ID__.images", ref("apps/Deployment", "cart", "bookstore"), ref("apps/Deployment", "checkout", "bookstore"));
  expect(cells.map(({ text }) => text)).toEqual(["cart:1.9.2", "checkout:3.0.4"]);
});

test("shows nothing of what the user does not let it read", async () => {
  await plugin.start({ withhold: ["kubernetes"] });
  const cells = await plugin.column("__ID__.images", ref("apps/Deployment", "cart", "bookstore"));
  expect(cells.map(({ text }) => text)).toEqual([""]);
});

test("shortens digests and keeps several images apart", () => {
  expect(short("quay.io/a/b@sha256:0123456789abcdef,docker.io/c:1")).toBe("b@0123456, c:1");
});
