import { cluster, expect, plugin, ref, test, type View } from "@lazyoc/plugin/testing";

/** Looks until the view has a text: what is watched arrives when it arrives. */
async function shows(view: View, part: string): Promise<void> {
  for (let looks = 0; looks < 300; looks++) if ((await view.text()).includes(part)) return;
  expect(await view.text()).toContain(part);
}

test("lab 2: the tab follows what happens", async () => {
  await plugin.start();
  const view = await plugin.tab("acme.workshop.pods", ref("apps/Deployment", "cart", "bookstore"));
  const [first] = (await cluster.list("v1", "Pod", "bookstore")).filter(({ metadata }) => metadata.labels?.["app"] === "cart");
  await shows(view, first!.metadata.name);
  await cluster.apply({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "cart-by-hand", namespace: "bookstore", labels: { app: "cart" } },
    spec: { containers: [{ name: "cart", image: "quay.io/bookstore/cart:1.9.2" }] },
  });
  await shows(view, "cart-by-hand");
});
