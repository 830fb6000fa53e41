import { cluster, expect, fails, plugin, ref, test } from "@lazyoc/plugin/testing";

const pod = ref("Pod", "printer", "bookstore");

async function given(): Promise<void> {
  await cluster.apply({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "printer", namespace: "bookstore" },
    spec: { containers: [{ name: "printer", image: "quay.io/example/printer:1.2" }] },
  });
}

test("shows the images of a pod's containers", async () => {
  await plugin.start();
  await given();
  const view = await plugin.tab("__ID__.images", pod);
  expect(await view.text()).toContain("quay.io/example/printer:1.2");
  await view.golden("images");
});

test("asks for the one pod and nothing else", async () => {
  await plugin.start();
  await given();
  await plugin.tab("__ID__.images", pod);
  expect((await plugin.calls()).map(({ call, outcome }) => `${call} ${outcome}`)).toEqual(["kubernetes.get ok"]);
});

test("is refused when the user does not let it read pods", async () => {
  await plugin.start({ withhold: ["kubernetes"] });
  await given();
  await fails(plugin.tab("__ID__.images", pod), "permission-denied");
});

test("says so when the cluster does not answer", async () => {
  await plugin.start({ faults: [{ call: "kubernetes.get", code: "unavailable", message: "the API server is away" }] });
  const error = await fails(plugin.tab("__ID__.images", pod), "unavailable");
  expect(error.message).toContain("the API server is away");
});
