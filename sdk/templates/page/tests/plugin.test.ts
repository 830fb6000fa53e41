import { cluster, expect, fails, plugin, test } from "@lazyoc/plugin/testing";

const page = "__ID__.trouble";

test("lists the pods that are not well", async () => {
  await plugin.start();
  const text = await (await plugin.page(page)).text();
  expect(text).toContain("ImagePullBackOff");
  expect(text).toContain("newsletter");
  expect(text).notToContain("storefront-kj");
});

test("looks again when the button is pressed", async () => {
  await plugin.start();
  const view = await plugin.page(page);
  for (const pod of await cluster.list("v1", "Pod")) await cluster.delete("v1", "Pod", pod.metadata.name, pod.metadata.namespace);
  await cluster.apply({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "lonely", namespace: "bookstore" },
    spec: { containers: [{ name: "lonely", image: "quay.io/example/lonely:1" }] },
    status: { phase: "Running" },
  });
  await view.press("refresh");
  await view.golden("after-refresh");
});

test("is refused when the user does not let it list pods", async () => {
  await plugin.start({ withhold: ["kubernetes"] });
  await fails(plugin.page(page), "permission-denied");
});
