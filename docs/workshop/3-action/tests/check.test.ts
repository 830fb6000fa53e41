import { cluster, expect, fails, plugin, ref, test } from "@lazyoc/plugin/testing";

const cart = ref("apps/Deployment", "cart", "bookstore");

async function replicas(): Promise<number | undefined> {
  return (await cluster.get<{ spec: { replicas: number } }>("apps/v1", "Deployment", "cart", "bookstore"))?.spec.replicas;
}

test("lab 3: one pod more, once the user has confirmed", async () => {
  await plugin.start({ confirm: true });
  await plugin.action("acme.workshop.more", [cart]);
  expect(await replicas()).toBe(3);
  expect((await plugin.shown())[0]!.what).toBe("confirm");
});

test("lab 3: nothing where the user may only look", async () => {
  await plugin.start({ confirm: true, readOnly: true });
  await fails(plugin.action("acme.workshop.more", [cart]), "permission-denied");
  expect(await replicas()).toBe(2);
});
