import { expect, plugin, test } from "@lazyoc/plugin/testing";

const body = JSON.stringify([
  { fingerprint: "1", labels: { alertname: "DiskFull", severity: "page" } },
  { fingerprint: "2", labels: { alertname: "TooMuch", severity: "info" } },
]);

test("lab 4: the address comes from the settings, and the token stays with the host", async () => {
  await plugin.start({ settings: { url: "https://alerts.example.com", token: "s3cret-token", most: 1 }, faults: [{ call: "http.fetch", answer: { status: 200, headers: {}, body } }] });
  const text = await (await plugin.page("acme.workshop.alerts")).text();
  expect(text).toContain("DiskFull");
  expect(text).notToContain("TooMuch");
  const [call] = await plugin.calls("http.fetch");
  expect(call!.args["url"]).toBe("https://alerts.example.com/api/v2/alerts");
  expect(JSON.stringify(await plugin.calls())).notToContain("s3cret-token");
});

test("lab 4: says what is missing", async () => {
  await plugin.start();
  expect(await (await plugin.page("acme.workshop.alerts")).text()).toContain("Set the address");
});
