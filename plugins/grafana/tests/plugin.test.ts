import type { FormField } from "@lazyoc/plugin";
import { cluster, expect, type Fault, fails, plugin, ref, test } from "@lazyoc/plugin/testing";

const page = "lazyoc.grafana.dashboards";
const url = "http://grafana.example:3000";
const cart = ref("apps/Deployment", "cart", "bookstore");

const json = (body: unknown, status = 200, times?: number): Fault => ({ call: "http.fetch", answer: { status, headers: { "content-type": "application/json" }, body: JSON.stringify(body) }, ...(times !== undefined && { times }) });

/** The page asks for dashboards, folders and tags, in this order. */
const list: Fault[] = [json([{ uid: "shop", title: "Shop overview", folderTitle: "Bookstore", tags: ["shop"] }], 200, 1), json([{ uid: "bookstore", title: "Bookstore" }], 200, 1), json([{ term: "shop", count: 1 }], 200, 1)];

const dashboard = {
  meta: { url: "/d/shop/shop-overview", folderTitle: "Bookstore" },
  dashboard: {
    uid: "shop", title: "Shop overview", tags: ["shop"], time: { from: "now-1h", to: "now" }, refresh: "5s",
    templating: { list: [{ name: "app", label: "App", type: "custom", query: "cart,search", current: { value: "cart" } }, { name: "namespace", type: "query", current: { value: "default" } }] },
    panels: [
      { id: 1, type: "text", title: "Read me", gridPos: { x: 0, y: 0, w: 24, h: 2 }, options: { content: "About **$app** in $namespace" } },
      { id: 2, type: "row", title: "Details", collapsed: true, gridPos: { x: 0, y: 2, w: 24, h: 1 }, panels: [{ id: 3, type: "text", title: "More", gridPos: { x: 0, y: 3, w: 24, h: 2 }, options: { content: "of it" } }] },
      { id: 4, type: "geomap", title: "Where", gridPos: { x: 0, y: 5, w: 24, h: 4 } },
    ],
  },
};

const settings = { url, annotationTag: "" };

test("says what to set, and asks nobody before", async () => {
  await plugin.start();
  await (await plugin.page(page)).golden("unset");
  await plugin.command("lazyoc.grafana.open");
  expect(await plugin.calls("http.fetch")).toEqual([]);
  expect(await plugin.calls("kubernetes.watch")).toEqual([]);
});

test("lists dashboards, and opens one with what was chosen", async () => {
  await plugin.start({ settings, faults: [...list, json(dashboard, 200, 1), json([])], prompt: { range: "now-6h", refresh: "1m", "var-app": "search", "var-namespace": "shop" } });
  const view = await plugin.page(page);
  await view.golden("list");
  await view.activate("dashboards", "shop");
  await view.golden("dashboard");
  const before = (await plugin.calls("http.fetch")).length;
  await view.press("row-2");
  expect(await view.text()).toContain("of it");
  // Of what was shown before nothing is asked again.
  expect((await plugin.calls("http.fetch")).length).toBe(before);
  await view.press("choose");
  const text = await view.text();
  expect(text).toContain("last 6 hours");
  expect(text).toContain("refreshed every 1m");
  expect(text).toContain("About search in shop");
  const [asked] = await plugin.calls("ui.prompt");
  expect((asked!.args["fields"] as FormField[]).map(({ name, kind, value }) => `${name} ${kind} ${value}`)).toEqual(["range select now-1h", "refresh select 30s", "var-app select cart", "var-namespace text default"]);
  await view.press("browse");
  await view.press("link");
  expect((await plugin.shown()).filter(({ what }) => what === "copy").map(({ text: link }) => link)).toEqual([`${url}/d/shop/shop-overview?from=now-6h&to=now&var-app=search&var-namespace=shop`]);
  expect((await plugin.shown()).filter(({ what }) => what === "browse").map(({ text: link }) => link)).toEqual([`${url}/d/shop/shop-overview?from=now-6h&to=now&var-app=search&var-namespace=shop`]);
  await view.press("back");
});

test("shows the address where the clipboard is not granted", async () => {
  await plugin.start({ settings, faults: [...list, json([])], withhold: ["clipboard"] });
  const view = await plugin.page(page);
  await view.rowAction("dashboards", "shop", "link");
  expect((await plugin.shown()).map(({ text }) => text)).toEqual([`${url}/d/shop?from=now-6h&to=now`]);
});

test("puts namespace and name of an object into variables", async () => {
  await plugin.start({ settings: { ...settings, dashboardLabel: "", namespaceVariables: "namespace", deploymentVariables: "app" }, faults: [json([{ uid: "shop", title: "Shop" }], 200, 1), json(dashboard, 200, 1), json([])] });
  expect(await (await plugin.tab("lazyoc.grafana.deployment", cart)).text()).toContain("About cart in bookstore");
});

test("takes the dashboard that a label of the object names", async () => {
  await plugin.start({ settings: { ...settings, podTag: "" }, faults: [json(dashboard, 200, 1), json([])] });
  await cluster.apply({ apiVersion: "v1", kind: "Pod", metadata: { name: "printer", namespace: "bookstore", labels: { "grafana-dashboard": "shop" } }, spec: { containers: [{ name: "printer", image: "quay.io/example/printer:1" }] } });
  expect(await (await plugin.tab("lazyoc.grafana.pod", ref("Pod", "printer", "bookstore"))).text()).toContain("Shop overview");
  expect((await plugin.calls("http.fetch"))[0]!.args["url"]).toBe(`${url}/api/dashboards/uid/shop`);
});

test("says which dashboard is missing", async () => {
  await plugin.start({ settings, faults: [json([])] });
  expect(await (await plugin.tab("lazyoc.grafana.deployment", cart)).text()).toContain("No dashboard is for it: give one in Grafana the tag kubernetes-deployment, or");
});

test("annotates when the user confirms it", async () => {
  await plugin.start({ settings, confirm: true, faults: [json({ message: "Annotation added", id: 1 })] });
  await plugin.action("lazyoc.grafana.annotate", [cart], { text: "Maintenance", tags: "ops, night", minutes: 0 });
  const [posted] = await plugin.calls("http.fetch");
  expect(JSON.parse(posted!.args["body"] as string)).toEqual({ time: Date.parse("2026-01-15T09:30:00Z"), text: "Maintenance", tags: ["ops", "night", "namespace:bookstore", "deployment:cart"] });
  expect((await plugin.shown()).map(({ what, text }) => `${what} ${text}`)).toEqual([`confirm Annotate bookstore/cart at ${url}, for every dashboard that shows these tags: Maintenance`, "notify The annotation is in Grafana"]);
});

test("annotates nothing when the user does not", async () => {
  await plugin.start({ settings });
  await plugin.action("lazyoc.grafana.annotate", [cart], { text: "Maintenance", minutes: 0 });
  expect(await plugin.calls("http.fetch")).toEqual([]);
});

test("posts a rollout once, and none while the setting is off", async () => {
  const roll = async (image: string) => {
    type Deployment = { metadata: { annotations: Record<string, string> }; spec: { template: { spec: { containers: { image: string }[] } } } };
    const deployment = (await cluster.get<Deployment>("apps/v1", "Deployment", "cart", "bookstore"))!;
    const revision = "deployment.kubernetes.io/revision";
    deployment.metadata.annotations[revision] = String(Number(deployment.metadata.annotations[revision]) + 1);
    deployment.spec.template.spec.containers[0]!.image = image;
    await cluster.apply(deployment);
  };
  const until = async (holds: () => Promise<boolean>) => {
    for (let i = 0; i < 2_000 && !(await holds()); i++);
    expect(await holds()).toBe(true);
  };
  const requests = async () => (await plugin.calls("http.fetch")).map(({ args }) => `${args["method"]} ${String(args["url"]).slice(url.length).split("?")[0]}`);
  await plugin.start({ settings: { ...settings, annotateRollouts: true }, faults: [json([], 200, 1), json({ message: "Annotation added", id: 1 }, 200, 1)] });
  await until(async () => (await plugin.status("lazyoc.grafana.status")) === "rollouts → Grafana");
  await roll("quay.io/bookstore/cart:9");
  await until(async () => (await requests()).length === 2);
  expect(await requests()).toEqual(["GET /api/annotations", "POST /api/annotations"]);
  const body = JSON.parse((await plugin.calls("http.fetch"))[1]!.args["body"] as string) as { text: string; tags: string[] };
  expect(body.text).toMatch(/^Rollout of bookstore\/cart, revision \d+: quay.io\/bookstore\/cart:9$/);
  expect(body.tags.slice(0, 2)).toEqual(["namespace:bookstore", "deployment:cart"]);
});

test("says what it may not", async () => {
  await plugin.start({ settings, withhold: ["network"] });
  expect(await (await plugin.page(page)).text()).toContain(`${url} may not be asked`);
  await plugin.start({ settings: { ...settings, annotateRollouts: true }, withhold: ["kubernetes"], faults: [json([])] });
  await fails(plugin.tab("lazyoc.grafana.deployment", cart).then((tab) => tab.press("none")), "invalid");
  expect(await plugin.status("lazyoc.grafana.status")).toMatch(/rollouts cannot be followed/);
});
