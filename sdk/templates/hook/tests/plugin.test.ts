import { cluster, expect, plugin, ref, test } from "@lazyoc/plugin/testing";

const cart = ref("apps/Deployment", "cart", "bookstore");

test("warns when pods are running", async () => {
  await plugin.start();
  expect(await plugin.hook("delete", cart)).toEqual({ outcome: "warn", text: "cart still runs 2 pods" });
});

test("says nothing when none is", async () => {
  await plugin.start();
  await cluster.apply({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "idle", namespace: "bookstore" },
    spec: { replicas: 0, selector: { matchLabels: { app: "idle" } }, template: { metadata: { labels: { app: "idle" } }, spec: { containers: [{ name: "idle", image: "quay.io/example/idle:1" }] } } },
  });
  expect(await plugin.hook("delete", ref("apps/Deployment", "idle", "bookstore"))).toEqual({ outcome: "allow" });
});

test("knows nothing of a deployment that it may not read", async () => {
  await plugin.start({ withhold: ["kubernetes"] });
  expect(await plugin.hook("delete", cart)).toEqual({ outcome: "allow" });
});

test("is not asked when the user does not let it take part", async () => {
  await plugin.start({ withhold: ["hooks"] });
  expect(await plugin.hook("delete", cart)).toEqual({ outcome: "allow" });
});
