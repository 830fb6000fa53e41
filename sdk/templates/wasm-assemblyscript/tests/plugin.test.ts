import { cluster, expect, fails, plugin, ref, test } from "@lazyoc/plugin/testing";

const tab = "__ID__.place";

async function podOn(nodeName?: string) {
  await cluster.apply({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "printer", namespace: "bookstore" },
    spec: { ...(nodeName && { nodeName }), containers: [{ name: "printer", image: "quay.io/example/printer:1.2" }] },
  });
  return ref("Pod", "printer", "bookstore");
}

test("shows the node of a pod", async () => {
  await plugin.start();
  await (await plugin.tab(tab, await podOn("worker-7"))).golden("place");
});

test("says that a pod has no node yet", async () => {
  await plugin.start();
  expect(await (await plugin.tab(tab, await podOn())).text()).toContain("It has no node yet");
});

test("is refused when the user does not let it read pods", async () => {
  await plugin.start({ withhold: ["kubernetes"] });
  await fails(plugin.tab(tab, await podOn()), "permission-denied");
});
