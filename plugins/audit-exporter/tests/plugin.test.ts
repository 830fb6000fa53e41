import { expect, plugin, test } from "@lazyoc/plugin/testing";

const page = "lazyoc.audit-exporter.page";

test("reads and sends nothing while there is nowhere to send to", async () => {
  await plugin.start();
  expect(await (await plugin.page(page)).text()).toContain("Nothing is read and nothing is sent.");
  await plugin.command("lazyoc.audit-exporter.now");
  expect(await plugin.calls("http.fetch")).toEqual([]);
  expect(await plugin.calls("audit.read")).toEqual([]);
});

test("keeps what has not arrived, over an update too", async () => {
  await plugin.start({
    settings: { target: "http", url: "http://collector.example/audit", intervalMs: 60_000 },
    faults: [
      { call: "http.fetch", code: "unavailable", message: "the collector is away", times: 1 },
      { call: "http.fetch", answer: { status: 204, headers: {}, body: "" } },
    ],
  });
  const view = await plugin.page(page);
  await view.press("now");
  expect(await view.text()).toContain("the collector is away");
  await plugin.swap();
  await view.press("now");
  const text = await view.text();
  expect(/Waiting +0 lines/.test(text)).toBe(true);
  expect(/Arrived +0 lines/.test(text)).toBe(false);
});
