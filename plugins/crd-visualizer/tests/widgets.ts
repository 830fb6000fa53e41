import { cluster, ref } from "@lazyoc/plugin/testing";

export const group = "shop.example.com";

/** A schema with a bit of everything. */
export const schema = {
  type: "object",
  description: "Something that the shop sells.",
  properties: {
    spec: {
      type: "object",
      description: "How it is sold.",
      required: ["size"],
      properties: {
        size: { type: "string", enum: ["small", "large"], description: "How large it is." },
        copies: { type: "integer", format: "int32", minimum: 1, maximum: 10, default: 1 },
        code: { type: "string", pattern: "^[A-Z]{2}-[0-9]+$", maxLength: 12 },
        ratio: { type: "number", minimum: 0, exclusiveMinimum: true, maximum: 1 },
        port: { "x-kubernetes-int-or-string": true },
        isOnSale: { type: "boolean", default: false },
        tags: { type: "array", maxItems: 2, items: { type: "string", minLength: 1 } },
        configMapName: { type: "string" },
        selector: { type: "object", properties: { matchLabels: { type: "object", additionalProperties: { type: "string" } } } },
        delivery: { type: "object", description: "How it is sent.", properties: { express: { type: "boolean" }, days: { type: "integer", minimum: 0, maximum: 30, nullable: true } } },
        parts: { type: "array", items: { type: "object", required: ["name"], properties: { name: { type: "string" }, weight: { type: "integer", minimum: 0 } } } },
        extra: { type: "object", "x-kubernetes-preserve-unknown-fields": true, properties: { note: { type: "string" } } },
      },
    },
    status: { type: "object", "x-kubernetes-preserve-unknown-fields": true, properties: {} },
  },
};

export async function define(spec: object = schema, columns: object[] = printerColumns) {
  await cluster.apply({
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `widgets.${group}` },
    spec: {
      group,
      scope: "Namespaced",
      names: { plural: "widgets", singular: "widget", kind: "Widget" },
      versions: [
        { name: "v1", served: true, storage: true, schema: { openAPIV3Schema: spec }, subresources: { status: {} }, additionalPrinterColumns: columns },
        { name: "v1beta1", served: true, storage: false, deprecated: true, schema: { openAPIV3Schema: { type: "object" } } },
      ],
    },
  });
  await cluster.advance(1);
}

export const printerColumns = [
  { name: "Size", type: "string", jsonPath: ".spec.size" },
  { name: "Copies", type: "integer", jsonPath: ".spec.copies" },
  { name: "Ready", type: "string", jsonPath: ".status.conditions[?(@.type==\"Ready\")].status" },
  { name: "Code", type: "string", jsonPath: ".spec.code", priority: 1 },
];

export async function widget(name: string, more: object = {}, metadata: object = {}) {
  return cluster.apply({
    apiVersion: `${group}/v1`,
    kind: "Widget",
    metadata: { name, namespace: "bookstore", ...metadata },
    spec: { size: "small", copies: 3, code: "AB-1", parts: [{ name: "lid", weight: 2 }], configMapName: "kube-root-ca.crt", ...more },
    status: {
      conditions: [
        { type: "Ready", status: "False", reason: "Waiting", message: "waits for a lid", lastTransitionTime: "2026-01-15T09:00:00Z" },
        { type: "Degraded", status: "False", reason: "AsExpected", lastTransitionTime: "2026-01-13T09:00:00Z" },
      ],
    },
  });
}

export const one = ref(`${group}/Widget`, "one", "bookstore");
