import type { KubernetesObject } from "@lazyoc/plugin";
import { isObject, type Path } from "../schema/path.js";

export interface LabelSelector {
  matchLabels: Record<string, string>;
  matchExpressions: { key: string; operator: string; values: string[] }[];
}

/** Selectors of one object, and how deep and how wide it is searched for them. */
const maxSelectors = 8;
const maxDepth = 12;
const maxValues = 5_000;

/** Kinds by the end of a selector's name; pods when none fits. */
const targets: readonly (readonly [RegExp, string])[] = [[/nodeSelector$/i, "Node"], [/namespaceSelector$/i, "Namespace"], [/serviceSelector$/i, "Service"], [/selector$/i, "Pod"]];

/** The selectors that stand in an object, outside of its metadata and status, with the kind that each chooses. */
export function selectorsIn(object: KubernetesObject): { path: Path; selector: LabelSelector; kind: string }[] {
  const found: { path: Path; selector: LabelSelector; kind: string }[] = [];
  for (const { path, value } of valuesOf(object)) {
    const name = path.at(-1);
    const target = typeof name === "string" ? targets.find(([pattern]) => pattern.test(name)) : undefined;
    const selector = target && selectorOf(value);
    if (selector && found.length < maxSelectors) found.push({ path, selector, kind: target[1] });
  }
  return found;
}

/** As the API server takes it in a list. What it would not take is left out whole: a wider selector would be a lie. */
export function selectorText({ matchLabels, matchExpressions }: LabelSelector): string {
  const parts = Object.entries(matchLabels).map(([key, value]) => `${key}=${value}`);
  for (const { key, operator, values } of matchExpressions) {
    if (operator === "Exists") parts.push(key);
    else if (operator === "DoesNotExist") parts.push(`!${key}`);
    else if (values.length > 0 && (operator === "In" || operator === "NotIn")) parts.push(`${key} ${operator.toLowerCase()} (${values.join(",")})`);
    else return "";
  }
  return parts.every((part) => /^[!\w./ ()=,-]+$/.test(part)) ? parts.join(",") : "";
}

/** A label selector, or a map from label to value. */
function selectorOf(value: unknown): LabelSelector | undefined {
  if (!isObject(value)) return undefined;
  const { matchLabels, matchExpressions } = value;
  if (isObject(matchLabels) || Array.isArray(matchExpressions)) {
    return {
      matchLabels: isObject(matchLabels) ? textsOf(matchLabels) : {},
      matchExpressions: (Array.isArray(matchExpressions) ? matchExpressions : []).filter(isObject).map(({ key, operator, values }) => ({ key: String(key), operator: String(operator), values: (Array.isArray(values) ? values : []).map(String) })),
    };
  }
  const entries = Object.entries(value);
  return entries.length > 0 && entries.every(([, label]) => typeof label === "string") ? { matchLabels: textsOf(value), matchExpressions: [] } : undefined;
}

function textsOf(map: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, String(value)]));
}

/** Every value of an object but those of its metadata and status, outer ones first, within limits. */
export function* valuesOf(object: KubernetesObject): Generator<{ path: Path; value: unknown }> {
  const waiting: { path: Path; value: unknown }[] = Object.entries(object).filter(([name]) => !["apiVersion", "kind", "metadata", "status"].includes(name)).map(([name, value]) => ({ path: [name], value }));
  for (let i = 0; i < waiting.length && i < maxValues; i++) {
    const { path, value } = waiting[i]!;
    yield { path, value };
    if (path.length >= maxDepth || waiting.length >= maxValues) continue;
    if (Array.isArray(value)) value.forEach((item, at) => waiting.push({ path: [...path, at], value: item }));
    else if (isObject(value)) for (const [name, member] of Object.entries(value)) waiting.push({ path: [...path, name], value: member });
  }
}
