import { cluster, expect, fails, plugin, ref, test } from "@lazyoc/plugin/testing";

const view = "__ID__.application";
const bookstore = ref("argoproj.io/Application", "bookstore", "bookstore-ci");

test("shows sync and health", async () => {
  await plugin.start();
  await (await plugin.resourceView(view, bookstore)).golden("application");
});

test("knows nothing of an application that has no status yet", async () => {
  await plugin.start();
  await cluster.apply({ apiVersion: "argoproj.io/v1alpha1", kind: "Application", metadata: { name: "new", namespace: "bookstore-ci" }, spec: {} });
  expect(await (await plugin.resourceView(view, ref("argoproj.io/Application", "new", "bookstore-ci"))).text()).toMatch(/Health\s+Unknown/);
});

test("is refused when the user does not let it read applications", async () => {
  await plugin.start({ withhold: ["kubernetes"] });
  await fails(plugin.resourceView(view, bookstore), "permission-denied");
});
