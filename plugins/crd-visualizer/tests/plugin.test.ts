import { cluster, expect, fails, golden, plugin, ref, test } from "@lazyoc/plugin/testing";
import { inside } from "./reading.js";
import { define, group, one, widget } from "./widgets.js";

const catalog = "lazyoc.crd-visualizer.catalog";
const tab = "lazyoc.crd-visualizer.object";

interface Widget {
  spec: Record<string, unknown>;
}

const spec = async () => (await cluster.get<Widget>(`${group}/v1`, "Widget", "one", "bookstore"))!.spec;
const patches = async () => (await plugin.calls("kubernetes.patch")).map(({ args, outcome }) => `${args["dryRun"] ? "tried" : "made"} ${outcome}`);

test("lists every definition, and opens one", async () => {
  await plugin.start({ width: 130 });
  await define();
  await widget("one");
  const page = await plugin.page(catalog);
  expect(await page.text()).toMatch(/argoproj\.io\s+Application\s+Namespaced\s+v1alpha1/);
  expect(await page.text()).toMatch(/Widget\s+Namespaced\s+v1 \(stored\), v1beta1 \(deprecated\)/);
  await page.activate("definitions", `widgets.${group}`);
  await page.golden("objects");
  await page.press("wide");
  expect(await page.text()).toMatch(/one\s+small\s+3\s+✗ False\s+AB-1/);
  await page.activate("objects-found", "bookstore one");
  expect((await plugin.shown()).map(({ what, text }) => `${what} ${text}`)).toEqual([`open ${tab}`]);
  await page.press("schema");
  await page.activate("schema-tree", "/spec/size");
  await page.golden("schema");
  await page.press("catalog");
  expect(await page.text()).toContain("Application");
});

test("shows an object with what its schema says", async () => {
  await plugin.start();
  await define();
  await widget("one", { extra: { note: "n", colour: "red" } });
  const view = await plugin.tab(tab, one);
  await view.golden("object");
  await golden("conditions", await inside(view, "conditions"));
  await golden("edit", await inside(view, "edit"));
});

test("finds owners, what is named, and what is owned and selected when it is told to look", async () => {
  await plugin.start();
  await define();
  const [pod] = await cluster.list("v1", "Pod", "bookstore");
  const owner = await widget("owner");
  await widget("one", { selector: { matchLabels: pod!.metadata.labels! } }, { ownerReferences: [{ apiVersion: `${group}/v1`, kind: "Widget", name: "owner", uid: owner.metadata.uid, controller: true }] });
  const above = await plugin.tab(tab, ref(`${group}/Widget`, "owner", "bookstore"));
  await above.press("look");
  await until(async () => (await inside(above, "relations")).includes("owns | Widget | bookstore | one"));
  const view = await plugin.tab(tab, one);
  expect(await inside(view, "relations")).toContain("owner | Widget | bookstore | owner |  | controller");
  expect(await inside(view, "relations")).toContain("names | ConfigMap | bookstore | kube-root-ca.crt | spec.configMapName | ");
  await view.press("look");
  await until(async () => (await inside(view, "relations")).includes(`selects | Pod | bookstore | ${pod!.metadata.name}`));
  await view.activate("related", `selects  Pod bookstore ${pod!.metadata.name}`);
  expect((await plugin.shown()).at(-1)!.what).toBe("open");
});

test("sends nothing that the schema refuses, and says so at the field", async () => {
  await plugin.start({ confirm: true });
  await define();
  await widget("one");
  const view = await plugin.tab(tab, one);
  // The host refuses what a form's fields say; of a least number that is excluded they say nothing.
  await fails(view.submit("form /spec", { "/spec/size": "small", "/spec/copies": 99 }), "invalid");
  await view.submit("form /spec", { "/spec/size": "small", "/spec/copies": 3, "/spec/ratio": 0, "/spec/isOnSale": false });
  expect(await inside(view, "edit")).toContain("✗ spec.ratio must be above 0");
  expect(await inside(view, "edit")).toContain("(ratio) number 0  ✗ must be above 0");
  expect(await patches()).toEqual([]);
});

test("shows the difference, has the cluster try it, asks, and changes the field", async () => {
  await plugin.start({ confirm: true });
  await define();
  await widget("one");
  const view = await plugin.tab(tab, one);
  await view.submit("form /spec", { "/spec/size": "large", "/spec/copies": 3, "/spec/code": "AB-1", "/spec/configMapName": "kube-root-ca.crt", "/spec/isOnSale": false });
  await golden("review", await inside(view, "edit"));
  expect((await spec())["size"]).toBe("small");
  await view.press("apply");
  expect((await spec())["size"]).toBe("large");
  expect((await plugin.shown()).map(({ what, text }) => `${what} ${text}`)).toEqual(["confirm Change Widget bookstore/one? spec.size: small → large", "notify Changed spec.size of one"]);
  expect(await patches()).toEqual(["tried ok", "made ok"]);
});

test("changes nothing for a user who says no, or for who was overtaken", async () => {
  await plugin.start({ confirm: false });
  await define();
  await widget("one");
  const values = { "/spec/size": "large", "/spec/copies": 3, "/spec/code": "AB-1", "/spec/configMapName": "kube-root-ca.crt" };
  const view = await plugin.tab(tab, one);
  await view.submit("form /spec", values);
  await view.press("apply");
  expect(await patches()).toEqual(["tried ok"]);

  await plugin.start({ confirm: true });
  await define();
  await widget("one", { size: "small" });
  const again = await plugin.tab(tab, one);
  await again.submit("form /spec", { ...values, "/spec/size": "small", "/spec/copies": 5 });
  await widget("one", { copies: 7 });
  await again.press("apply");
  expect(await inside(again, "edit")).toContain("was changed by somebody else meanwhile");
  expect((await spec())["copies"]).toBe(7);
});

test("says at its field what the API server refuses", async () => {
  await plugin.start({ faults: [{ call: "kubernetes.patch", code: "invalid", message: `Widget.shop.example.com "one" is invalid: spec.code: Invalid value: "AB-2": is taken` }] });
  await define();
  await widget("one");
  const view = await plugin.tab(tab, one);
  await view.submit("form /spec", { "/spec/size": "small", "/spec/copies": 3, "/spec/code": "AB-2", "/spec/configMapName": "kube-root-ca.crt" });
  expect(await inside(view, "edit")).toContain(`✗ spec.code Invalid value: "AB-2": is taken`);
  expect(await inside(view, "edit")).toContain(`(code) text "AB-2"  ✗ Invalid value`);
});

test("is of use without the rights that are not given", async () => {
  await plugin.start({ withhold: ["kubernetes[2]"] });
  await define();
  await widget("one");
  expect(await inside(await plugin.tab(tab, one), "edit")).toContain("▲ It cannot be changed here: this plugin has no permission to patch");
  await plugin.start({ readOnly: true });
  await define();
  await widget("one");
  expect(await inside(await plugin.tab(tab, one), "edit")).toContain("▲ It cannot be changed here: this session is read-only");
  await plugin.start({ withhold: ["kubernetes[1]"] });
  await define();
  const page = await plugin.page(catalog);
  await page.activate("definitions", `widgets.${group}`);
  expect(await page.text()).toContain("has no permission to list widgets");
  await page.press("schema");
  expect(await page.text()).toContain("spec object  How it is sold.");
  await plugin.start({ withhold: ["kubernetes[0]", "kubernetes[1]"] });
  expect(await (await plugin.page(catalog)).text()).toContain("▲ The definitions may not be read");
});

test("leaves out a printer column that cannot be read, and shows the others", async () => {
  const definition = { ".spec.group": group, ".spec.names.kind": "Widget", ".spec.names.plural": "widgets", ".spec.scope": "Namespaced", ".spec.versions[*].name": ["v1"], ".spec.versions[?(@.served==true)].name": ["v1"] };
  const columns = [{ name: "Bad", type: "string", jsonPath: ".spec[?(" }, { name: "All", type: "string", jsonPath: "..size" }, { name: "S\u001b[31mize", type: "string", jsonPath: ".spec.size" }, { name: "None", type: "date", jsonPath: "" }, "odd", null];
  await plugin.start({ faults: [{ call: "kubernetes.list", answer: { items: [definition] }, times: 1 }, { call: "kubernetes.list", answer: { items: [{ '.spec.versions[?(@.name=="v1")].additionalPrinterColumns': [columns] }] }, times: 1 }] });
  await define();
  await widget("one");
  const page = await plugin.page(catalog);
  expect(await page.text()).toContain("Not established");
  await page.activate("definitions", `widgets.${group}`);
  expect(await page.text()).toContain("▲ The column Bad is left out:");
  expect(await page.text()).toMatch(/NAME\s+ALL\s+S \[31MIZE/);
  expect(await page.text()).toMatch(/one\s+small\s+small/);
});

test("shows any schema within limits", async () => {
  let deep: object = { type: "string" };
  for (let i = 0; i < 20; i++) deep = { type: "object", properties: { [`d${i}`]: deep } };
  const many = Object.fromEntries(Array.from({ length: 3_000 }, (_, i) => [`f${i}\u001b[31m`, { type: "string", description: "x".repeat(50), enum: i === 0 ? Array.from({ length: 4_000 }, (_, n) => `e${n}`) : undefined, pattern: "^((a+)+)+$" }]));
  const hostile = {
    schema: { type: "object", properties: { spec: { type: "object", properties: { deep, many: { type: "object", properties: many }, self: { $ref: "#/components/schemas/Self" }, hops: { allOf: [{ $ref: "#/components/schemas/Loop" }] }, odd: { type: 7, enum: "no", required: "no", properties: [], items: 3, description: { not: "text" } } } } } },
    definitions: { Self: { type: "object", properties: { self: { $ref: "#/components/schemas/Self" } } }, Loop: { $ref: "#/components/schemas/Loop" } },
  };
  await plugin.start({ faults: [{ call: "kubernetes.schema", answer: hostile as never }] });
  await define();
  await widget("one");
  const page = await plugin.page(catalog);
  await page.activate("definitions", `widgets.${group}`);
  await page.press("schema");
  expect(await page.text()).toContain("▲ Not all of it is shown");
  await page.activate("schema-tree", `/spec/deep/${Array.from({ length: 8 }, (_, i) => `d${19 - i}`).join("/")}`);
  expect(await page.text()).toContain("‹ Whole schema, from spec.deep.d19");
  const view = await plugin.tab(tab, one);
  expect(await view.text()).toContain("▲ not in the schema");
});

test("says why a schema cannot be shown", async () => {
  await plugin.start({ faults: [{ call: "kubernetes.schema", code: "too-large", message: "the schema of `Widget` is more than an answer may hold" }] });
  await define();
  await widget("one");
  const page = await plugin.page(catalog);
  await page.activate("definitions", `widgets.${group}`);
  await page.press("schema");
  expect(await page.text()).toContain("is more than an answer may hold");
  expect(await inside(await plugin.tab(tab, one), "edit")).toContain("There is no form without a schema");
});

/** Looks again and again until something holds. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let i = 0; i < looks; i++) if (await holds()) return;
  throw new Error("it did not come about");
}

const looks = 5_000;
