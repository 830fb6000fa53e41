import { expect, type Fault, plugin, ref, test } from "@lazyoc/plugin/testing";

const page = "lazyoc.prometheus.explore";
const cart = ref("apps/Deployment", "cart", "bookstore");
const settings = { url: "http://prometheus.example:9090" };

const answer = (body: unknown, status = 200): Fault => ({ call: "http.fetch", answer: { status, headers: { "content-type": "application/json" }, body: JSON.stringify(body) } });

const vector = answer({ status: "success", data: { resultType: "vector", result: [{ metric: { namespace: "bookstore" }, value: [1768469400, "17"] }] } });

test("answers a query, and shows the same after an update", async () => {
  await plugin.start({ settings, faults: [vector] });
  const view = await plugin.page(page);
  await view.submit("ask", { query: "count(up)", range: "now" });
  const text = await view.text();
  expect(text).toContain("bookstore");
  expect(text).toContain("17");
  expect((await plugin.calls("http.fetch")).length).toBe(1);
  await plugin.swap();
  expect(await view.text()).toContain("count(up)");
});

test("keeps the range that a tab shows", async () => {
  await plugin.start({ settings, faults: [vector] });
  const view = await plugin.tab("lazyoc.prometheus.deployment", cart);
  const first = JSON.stringify(await view.content());
  await view.press("range-6h");
  const chosen = JSON.stringify(await view.content());
  expect(chosen === first).toBe(false);
  await plugin.swap();
  expect(JSON.stringify(await view.content())).toBe(chosen);
});

test("says what Prometheus found wrong with a query", async () => {
  await plugin.start({ settings, faults: [answer({ status: "error", errorType: "bad_data", error: "1:5: parse error: unclosed left parenthesis" }, 400)] });
  const view = await plugin.page(page);
  await view.submit("ask", { query: "sum(", range: "now" });
  expect(await view.text()).toContain("unclosed left parenthesis");
});

test("says it once in a tab when Prometheus is away", async () => {
  await plugin.start({ settings, faults: [{ call: "http.fetch", code: "unavailable", message: "the connection was refused" }] });
  const text = await (await plugin.tab("lazyoc.prometheus.deployment", cart)).text();
  expect(text.split("the connection was refused").length).toBe(2);
});
