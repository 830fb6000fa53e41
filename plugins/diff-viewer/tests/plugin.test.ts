import type { ObjectReference } from "@lazyoc/plugin";
import { cluster, expect, fails, plugin, ref, test } from "@lazyoc/plugin/testing";

const tab = "lazyoc.diff-viewer.configmap";
const lastApplied = "kubectl.kubernetes.io/last-applied-configuration";
const another = (name: string, more: object = {}) => ({ with: "another", name, status: true, kept: true, defaults: true, ...more });

async function config(name: string, data: Record<string, string>, annotations: Record<string, string> = {}) {
  await cluster.apply({ apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace: "bookstore", annotations }, data });
  return ref("ConfigMap", name, "bookstore");
}

async function deployment(image: string) {
  const labels = { app: "printer" };
  await cluster.apply({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "printer", namespace: "bookstore" },
    spec: { replicas: 1, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers: [{ name: "printer", image }] } } },
  });
  await cluster.advance(5);
  return ref("apps/Deployment", "printer", "bookstore");
}

test("compares an object with another one, and unfolds what is the same", async () => {
  await plugin.start();
  const many = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`key-${String(i).padStart(2, "0")}`, `value ${i}`]));
  await config("before", { ...many, "app.conf": "port=80\nhost=a\n", flag: "true" });
  const view = await plugin.tab(tab, await config("after", { ...many, "key-15": "other", "app.conf": "port=8080\nhost=a\n" }));
  expect(await view.text()).toContain("there is no earlier revision");

  await view.submit("choose", another("before"));
  await view.golden("another");
  await view.activate("lines", "fold-10");
  expect(await view.text()).toContain("key-08: value 8");
  await view.press("fold");
  expect((await view.text()).includes("key-08: value 8")).toBe(false);
  await view.submit("choose", another("before", { kept: false }));
  expect(await view.text()).toContain("resourceVersion");
  await view.submit("choose", another("after"));
  expect(await view.text()).toContain("They are the same");
  await view.submit("choose", another("nowhere/none"));
  expect(await view.text()).toContain("nowhere/none: ");
});

test("compares a deployment with its earlier revision", async () => {
  await plugin.start();
  await deployment("quay.io/example/printer:1.2");
  await (await plugin.tab("lazyoc.diff-viewer.deployment", await deployment("quay.io/example/printer:1.3"))).golden("revision");
});

test("compares an object with what was last applied, without what was added by others", async () => {
  await plugin.start();
  const applied = JSON.stringify({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "drifted", namespace: "bookstore" }, data: { level: "info", size: "3" } });
  const view = await plugin.tab(tab, await config("drifted", { level: "debug", size: "3", extra: "yes" }, { [lastApplied]: applied }));
  await view.golden("last-applied");
  await view.submit("choose", { with: "last-applied", status: true, kept: true, defaults: false });
  expect(await view.text()).toContain("extra");
});

test("says what is wrong with an annotation that is no JSON, or is nested too deep", async () => {
  await plugin.start();
  const shown = async (object: ObjectReference) => (await (await plugin.tab(tab, object)).text()).replace(/\s+/g, " ");
  const broken = await config("broken", {}, { [lastApplied]: '{"data":' });
  expect(await shown(broken)).toContain("it ends too early");
  const deep = await config("deep", {}, { [lastApplied]: "[".repeat(10_000) });
  expect(await shown(deep)).toContain("deeper than 128");
  const odd = await config("odd", {}, { [lastApplied]: '[1,{"a":"\\ud800"},null,[[]],{}]' });
  expect(await shown(odd)).toContain("holds no object");
});

test("shows objects of odd shapes", async () => {
  await plugin.start({ faults: [{ call: "kubernetes.get", answer: { metadata: "none", spec: [null, [], {}, 1e400 > 1 ? "∞" : 0, [[1]]], status: 5, "": { "\u0000": "\u001b[31m" } } }] });
  const view = await plugin.tab(tab, ref("ConfigMap", "odd", "bookstore"));
  await view.submit("choose", another("other"));
  expect(await view.text()).toContain("They are the same");
});

test("compares long lines, and texts that differ everywhere, within its limits", async () => {
  await plugin.start();
  await config("a", { long: "x".repeat(200_000) + "1", lines: Array.from({ length: 1500 }, (_, i) => `left ${i}`).join("\n") });
  const view = await plugin.tab(tab, await config("b", { long: "x".repeat(200_000) + "2", lines: Array.from({ length: 1500 }, (_, i) => `right ${i}`).join("\n") }));
  await view.submit("choose", another("a"));
  const content = await view.content();
  const children = content.type === "stack" ? content.children.flatMap((child) => (child.type === "stack" ? child.children : [child])) : [];
  expect(children.filter((child) => child.type === "text").length).toBe(2);
  const tree = children.find((child) => child.type === "tree");
  const labels = tree?.type === "tree" ? tree.nodes.map(({ label }) => label.map(({ text }) => text).join("")) : [];
  expect(labels.length).toBe(3001);
  expect(labels[3000]!).toContain("lines more");
  expect(labels.filter((label) => label.includes("(200009 characters, sum ")).length).toBe(1);
});

test("compares two objects that are chosen in a list", async () => {
  await plugin.start();
  const [one, two] = [await config("one", { a: "1" }), await config("two", { a: "2" })];
  expect(await (await plugin.page("lazyoc.diff-viewer.page")).text()).toContain("Choose two objects");
  await fails(plugin.action("lazyoc.diff-viewer.compare", [one]), "invalid");
  await plugin.action("lazyoc.diff-viewer.compare", [one, two]);
  await (await plugin.page("lazyoc.diff-viewer.page")).golden("two");
});

test("opens for every kind that it names", async () => {
  await plugin.start();
  for (const [kind, name, namespace] of [["apps/StatefulSet", "none", "bookstore"], ["apps/DaemonSet", "none", "bookstore"], ["Service", "cart", "bookstore"], ["batch/CronJob", "none", "bookstore"]] as const) {
    const view = `lazyoc.diff-viewer.${kind.slice(kind.indexOf("/") + 1).toLowerCase()}`;
    if (name === "none") await fails(plugin.tab(view, ref(kind, name, namespace)), "not-found");
    else expect(await (await plugin.tab(view, ref(kind, name, namespace))).text()).toContain("Compare with");
  }
});

test("is refused when the user does not let it read", async () => {
  await plugin.start({ withhold: ["kubernetes"] });
  await fails(plugin.tab(tab, ref("ConfigMap", "any", "bookstore")), "permission-denied");
});
