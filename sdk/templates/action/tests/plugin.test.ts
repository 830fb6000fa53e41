import { cluster, expect, fails, plugin, ref, test } from "@lazyoc/plugin/testing";

interface Deployment {
  spec: { template: { metadata: { annotations?: Record<string, string> } } };
}

const cart = ref("apps/Deployment", "cart", "bookstore");

async function restartedAt(): Promise<string | undefined> {
  const deployment = await cluster.get<Deployment>("apps/v1", "Deployment", "cart", "bookstore");
  return deployment?.spec.template.metadata.annotations?.["kubectl.kubernetes.io/restartedAt"];
}

test("restarts what the user has chosen and confirmed", async () => {
  await plugin.start({ confirm: true });
  await plugin.action("__ID__.restart", [cart]);
  expect(typeof (await restartedAt())).toBe("string");
  expect((await plugin.shown()).map(({ text }) => text)).toEqual(["Restart cart?", "Restarted cart"]);
});

test("leaves everything as it is when the user says no", async () => {
  await plugin.start({ confirm: false });
  await plugin.action("__ID__.restart", [cart]);
  expect(await restartedAt()).toBe(undefined);
  expect((await plugin.calls("kubernetes.patch")).length).toBe(0);
});

test("is refused without the permission", async () => {
  await plugin.start({ confirm: true, withhold: ["kubernetes"] });
  await fails(plugin.action("__ID__.restart", [cart]), "permission-denied");
  expect(await restartedAt()).toBe(undefined);
});
