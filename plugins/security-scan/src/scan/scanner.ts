import type { Host, HostError, KubernetesObject, ObjectReference } from "@lazyoc/plugin";
import { check, type Level, rank } from "../rules/catalog.js";
import { type Finding, severities, type Severity } from "../rules/rule.js";
import { type Waiver, waiverKey, waiversInForce } from "./waivers.js";

/** An object and what it breaks. */
export interface Checked {
  object: ObjectReference;
  findings: Finding[];
}

export interface Scan {
  /** The host's clock, RFC 3339. */
  time: string;
  checked: Checked[];
  /** Kinds that could not be listed, with why. */
  unread: { kind: string; reason: string }[];
  /** Objects beyond the limit were not looked at. */
  isPartial: boolean;
  waivers: ReadonlyMap<string, Waiver>;
}

interface Kind {
  group: string;
  resource: string;
  kind: string;
  apiVersion: string;
  fields: string[];
}

/** Objects that one scan looks at. */
const maxObjects = 5_000;

const pageSizes = [100, 20, 1];

const rbac = "rbac.authorization.k8s.io";

const kinds: readonly Kind[] = [
  { group: "apps", resource: "deployments", kind: "Deployment", apiVersion: "apps/v1", fields: [".spec.template"] },
  { group: "apps", resource: "statefulsets", kind: "StatefulSet", apiVersion: "apps/v1", fields: [".spec.template"] },
  { group: "apps", resource: "daemonsets", kind: "DaemonSet", apiVersion: "apps/v1", fields: [".spec.template"] },
  { group: "batch", resource: "cronjobs", kind: "CronJob", apiVersion: "batch/v1", fields: [".spec.jobTemplate"] },
  { group: "batch", resource: "jobs", kind: "Job", apiVersion: "batch/v1", fields: [".spec.template", ".metadata.ownerReferences"] },
  { group: "", resource: "pods", kind: "Pod", apiVersion: "v1", fields: [".spec", ".metadata.annotations", ".metadata.ownerReferences"] },
  { group: rbac, resource: "clusterroles", kind: "ClusterRole", apiVersion: `${rbac}/v1`, fields: [".rules"] },
  { group: rbac, resource: "roles", kind: "Role", apiVersion: `${rbac}/v1`, fields: [".rules"] },
  { group: rbac, resource: "clusterrolebindings", kind: "ClusterRoleBinding", apiVersion: `${rbac}/v1`, fields: [".roleRef", ".subjects"] },
  { group: rbac, resource: "rolebindings", kind: "RoleBinding", apiVersion: `${rbac}/v1`, fields: [".roleRef", ".subjects"] },
];

/** Reads everything and holds it against the rules. What belongs to something that is looked at itself is left out. */
export async function scan(host: Host, level: Level): Promise<Scan> {
  const [waivers, { now }] = await Promise.all([waiversInForce(host), host.info()]);
  const result: Scan = { time: now, checked: [], unread: [], isPartial: false, waivers };
  let seen = 0;
  for (const kind of kinds) {
    try {
      for await (const object of objectsOf(kind, host)) {
        if (++seen > maxObjects) {
          result.isPartial = true;
          return result;
        }
        if ((object.metadata["ownerReferences"] as unknown[] | null | undefined)?.length) continue;
        const findings = check(object, level);
        if (findings.length > 0) result.checked.push({ object: referenceOf(object, kind.group), findings });
      }
    } catch (refused) {
      const { code, message } = refused as HostError;
      if (code === "cancelled") throw refused;
      result.unread.push({ kind: kind.kind, reason: message });
    }
  }
  return result;
}

/** The workloads of a kind in one namespace, by `NAMESPACE/NAME`. */
export async function findingsOf(kindName: string, namespace: string, host: Host, level: Level): Promise<Map<string, Checked>> {
  const found = new Map<string, Checked>();
  const kind = kinds.find(({ kind }) => kind === kindName)!;
  for await (const object of objectsOf(kind, host, namespace)) found.set(`${namespace}/${object.metadata.name}`, { object: referenceOf(object, kind.group), findings: check(object, level) });
  return found;
}

/** The object that a view is about. */
export async function objectOf({ group, kind, namespace, name }: ObjectReference, host: Host): Promise<KubernetesObject> {
  const { resource } = kinds.find((one) => one.kind === kind)!;
  return host.kubernetes.get({ group, resource, name, ...(namespace && { namespace }) });
}

/** Findings that count, and those that are accepted. */
export function divide({ object, findings }: Checked, waivers: ReadonlyMap<string, Waiver>): { open: Finding[]; accepted: { finding: Finding; waiver: Waiver }[] } {
  const open: Finding[] = [];
  const accepted: { finding: Finding; waiver: Waiver }[] = [];
  for (const finding of findings) {
    const waiver = waivers.get(waiverKey(finding.rule.id, object));
    if (waiver) accepted.push({ finding, waiver });
    else open.push(finding);
  }
  return { open, accepted };
}

/** How many rules of each severity are broken; a rule that is broken in three containers counts once. */
export function countBySeverity(findings: readonly Finding[]): Record<Severity, number> {
  const rules = new Map(findings.map(({ rule }) => [rule.id, rule.severity]));
  const counts: Record<Severity, number> = { critical: 0, high: 0, medium: 0, low: 0 };
  for (const severity of rules.values()) counts[severity]++;
  return counts;
}

/** What a change breaks that was kept before, from a severity on. */
export function worsened(before: KubernetesObject | undefined, after: KubernetesObject, level: Level, from: Severity): Finding[] {
  const old = new Set(before ? check(before, level).map(({ rule }) => rule.id) : []);
  return check(after, level).filter(({ rule }) => rank(rule.severity) <= rank(from) && !old.has(rule.id));
}

export function worst(counts: Record<Severity, number>): Severity | null {
  return severities.find((severity) => counts[severity] > 0) ?? null;
}

function referenceOf(object: KubernetesObject, group: string): ObjectReference {
  const { name, namespace, uid } = object.metadata;
  return { group, kind: object.kind ?? "", name, ...(namespace && { namespace }), ...(uid && { uid }) };
}

/** The objects of a kind, page by page. A page that is too large for one answer is asked for in smaller ones. */
async function* objectsOf({ group, resource, kind, apiVersion, fields }: Kind, host: Host, namespace?: string): AsyncGenerator<KubernetesObject> {
  const all = [".metadata.name", ".metadata.namespace", ".metadata.uid", ...fields];
  let size = 0;
  let next: string | undefined = "";
  while (next !== undefined) {
    let page: { items: Record<string, unknown>[]; continue?: string };
    try {
      page = await host.kubernetes.project({ group, resource, fields: all, limit: pageSizes[size]!, ...(namespace && { namespace }), ...(next && { continue: next }) });
    } catch (refused) {
      if ((refused as HostError).code !== "too-large" || size === pageSizes.length - 1) throw refused;
      size++;
      continue;
    }
    for (const item of page.items) yield assembled(item, kind, apiVersion);
    next = page.continue;
  }
}

/** An object of the values at its paths. */
function assembled(values: Record<string, unknown>, kind: string, apiVersion: string): KubernetesObject {
  const object: Record<string, unknown> = { kind, apiVersion };
  for (const [path, value] of Object.entries(values)) {
    if (value === null) continue;
    const names = path.slice(1).split(".");
    let at = object;
    for (const name of names.slice(0, -1)) at = (at[name] ??= {}) as Record<string, unknown>;
    at[names.at(-1)!] = value;
  }
  return object as KubernetesObject;
}
