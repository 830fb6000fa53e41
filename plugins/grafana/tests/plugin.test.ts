import { expect, plugin, test } from "@lazyoc/plugin/testing";

const page = "lazyoc.grafana.dashboards";

test("says what to set", async () => {
  await plugin.start();
  expect(await (await plugin.page(page)).text()).toContain("tokenUrl");
});
