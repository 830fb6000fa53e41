import { expect, test } from "@lazyoc/plugin/testing";
import { problemsIn } from "../src/edit/refusal.js";
import { changed, changesOf, patchOf } from "../src/edit/change.js";
import { editable, formOf } from "../src/edit/form.js";
import { sectionsOf } from "../src/edit/sections.js";
import { pathText } from "../src/schema/path.js";
import { Pattern } from "../src/schema/pattern.js";
import { KindFields } from "../src/schema/schema.js";
import { broughtBy, validate } from "../src/schema/validate.js";
import { schema } from "./widgets.js";

const fields = new KindFields({ schema, definitions: {} });

function problemsOf(spec: object, root = schema as object): string[] {
  return validate(new KindFields({ schema: root as Record<string, unknown>, definitions: {} }), { spec }).problems.map(({ path, message }) => `${pathText(path)} ${message}`);
}

test("holds values against everything that a schema says", () => {
  expect(problemsOf({ size: "small", copies: 3, code: "AB-12", ratio: 0.5, port: "http", tags: ["a"], parts: [{ name: "x" }], extra: { anything: { at: "all" } } })).toEqual([]);
  expect(problemsOf({ copies: 3 })).toEqual(["spec.size is required"]);
  expect(problemsOf({ size: "huge" })).toEqual(["spec.size must be one of small, large"]);
  expect(problemsOf({ size: 3 })).toEqual(["spec.size must be text"]);
  expect(problemsOf({ size: "small", copies: 11 })).toEqual(["spec.copies must be at most 10"]);
  expect(problemsOf({ size: "small", copies: 1.5 })).toEqual(["spec.copies must be a whole number"]);
  expect(problemsOf({ size: "small", ratio: 0 })).toEqual(["spec.ratio must be above 0"]);
  expect(problemsOf({ size: "small", code: "ab-1" })).toEqual(["spec.code must match ^[A-Z]{2}-[0-9]+$"]);
  expect(problemsOf({ size: "small", code: "AB-1234567890" })).toEqual(["spec.code must have at most 12 characters"]);
  expect(problemsOf({ size: "small", port: true })).toEqual(["spec.port must be a whole number or text"]);
  expect(problemsOf({ size: "small", tags: ["a", "", "c"] })).toEqual(["spec.tags must have at most 2 items", "spec.tags[1] must have at least 1 character"]);
  expect(problemsOf({ size: "small", parts: [{}] })).toEqual(["spec.parts[0].name is required"]);
  expect(problemsOf({ size: "small", colour: "red" })).toEqual(["spec.colour is not in the schema, and would be dropped"]);
  expect(problemsOf({ size: null })).toEqual(["spec.size must not be null"]);
  expect(problemsOf({ size: "small", delivery: { days: null } })).toEqual([]);
});

test("tells what only the API server can say", () => {
  const rules = { type: "object", properties: { spec: { type: "object", "x-kubernetes-validations": [{ rule: "self.a < self.b" }], properties: { a: { type: "string", pattern: "(?i)x" } } } } };
  const { problems, unchecked } = validate(new KindFields({ schema: rules, definitions: {} }), { spec: { a: "y" } });
  expect(problems).toEqual([]);
  expect(unchecked).toEqual(["rules that are written in CEL", "the pattern (?i)x"]);
});

test("stops nobody for what was wrong before", () => {
  const before = validate(fields, { spec: { size: "huge", copies: 3 } });
  expect(broughtBy(before, validate(fields, { spec: { size: "huge", copies: 4 } }))).toEqual([]);
  expect(broughtBy(before, validate(fields, { spec: { size: "huge", copies: 40 } })).map(({ path }) => pathText(path))).toEqual(["spec.copies"]);
});

test("matches patterns that others take minutes for", () => {
  expect(Pattern.read("^(a+)+$")!.test("a".repeat(300) + "b")).toBe("differs");
  expect(Pattern.read("^(([a-z])+.)+[A-Z]([a-z])+$")!.test("a".repeat(9_000))).toBe("unknown");
  for (const [pattern, matches, differs] of [["^[a-z]([-a-z]*[a-z])?$", "a-b", "a-"], ["^(\\d{1,3}\\.){3}\\d+$", "10.0.0.1", "10.0.1"], ["x|^y", "zx", "zy"], ["^[^/]+$", "a", "a/b"], ["^(|a)+$", "aa", "b"]] as const) {
    expect(Pattern.read(pattern)!.test(matches)).toBe("matches");
    expect(Pattern.read(pattern)!.test(differs)).toBe("differs");
  }
  for (const unknown of ["(?=a)", "\\bx", "(?i)x", "\\pL", "[[:alpha:]]", "(a{1000}){1000}", "(", "a**", "(".repeat(100)]) expect(Pattern.read(unknown)).toBe(null);
});

test("makes a form for each part of an object, and a patch of what is filled in", () => {
  const object = { metadata: { resourceVersion: "7" }, spec: { size: "small", copies: 3, parts: [{ name: "lid" }] } };
  const sections = sectionsOf(fields, object);
  expect(sections.map(({ path, isSet }) => `${pathText(path)} ${isSet}`)).toEqual(["spec true", "spec.delivery false", "spec.parts[0] true", "spec.extra false"]);
  const [spec, delivery] = [sections[0]!, sections[1]!];
  expect(editable(spec, { spec: { size: { not: "text" } } }).map(({ name }) => name)).notToContain("size");

  const none = { "/spec/size": "small", "/spec/copies": 3, "/spec/isOnSale": false };
  expect(changesOf(spec, object, none)).toEqual([]);
  expect(patchOf(object, changesOf(spec, object, { ...none, "/spec/size": "large", "/spec/port": "8080" }))).toEqual([
    { op: "test", path: "/spec/size", value: "small" }, { op: "replace", path: "/spec/size", value: "large" }, { op: "add", path: "/spec/port", value: 8080 },
  ]);
  expect(patchOf(object, changesOf(spec, object, { "/spec/size": "small" }))).toEqual([{ op: "test", path: "/spec/copies", value: 3 }, { op: "remove", path: "/spec/copies" }]);
  const express = changesOf(delivery, object, { "/spec/delivery/express": true });
  expect(patchOf(object, express)).toEqual([{ op: "test", path: "/metadata/resourceVersion", value: "7" }, { op: "add", path: "/spec/delivery", value: {} }, { op: "add", path: "/spec/delivery/express", value: true }]);
  expect((changed(object, express) as typeof object & { spec: { delivery: unknown } }).spec.delivery).toEqual({ express: true });
  expect("delivery" in object.spec).toBe(false);
});

test("gives the host no form that it would not take", () => {
  const odd = { type: "object", properties: { spec: { type: "object", properties: {
    wide: { type: "string", description: "line\nbreak\u001b[31m", enum: ["a", "a", ...Array.from({ length: 5_000 }, (_, i) => `v${i}`)] },
    above: { type: "integer", minimum: 5, maximum: 3 },
    fixed: { type: "string", pattern: "^(?<n>a)$" },
    other: { type: "string", enum: ["x"] },
    mixed: { type: "string", enum: [1, "two", null] },
  } } } };
  const form = formOf(sectionsOf(new KindFields({ schema: odd, definitions: {} }), {})[0]!, { spec: { above: 9, other: "y" } }, undefined, []);
  if (form.type !== "form") throw new Error("no form");
  expect(form.fields.map(({ kind, help, options = [] }) => `${kind} ${options.length} ${/[\u0000-\u001f]/.test(help ?? "")}`)).toEqual(["text 0 false", "number 0 false", "text 0 false", "select 3 false", "text 0 false"]);
  expect(form.fields.some(({ pattern, min, max }) => pattern !== undefined || min !== undefined || max !== undefined)).toBe(false);
});

test("reads a refusal by field", () => {
  const paths = [["spec", "size"], ["spec", "copies"]];
  const told = (text: string) => problemsIn(text, paths).map(({ path, message }) => `${pathText(path)}|${message}`);
  expect(told(`Widget.shop.example.com "one" is invalid: [spec.copies: Invalid value: 99: should be less than or equal to 10, spec.other: Required value, spec.size: Unsupported value: "huge": supported values: "small", "large"]`)).toEqual([
    "spec.copies|Invalid value: 99: should be less than or equal to 10", `spec.size|Unsupported value: "huge": supported values: "small", "large"`,
  ]);
  expect(told(`admission webhook "no.example.com" denied the request: not on Fridays`)).toEqual([`|admission webhook "no.example.com" denied the request: not on Fridays`]);
});
