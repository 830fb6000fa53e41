import type { Host, ObjectReference } from "@lazyoc/plugin";

export const group = "aquasecurity.github.io";
export const resource = "vulnerabilityreports";

export interface VulnerabilityReport {
  metadata: { name: string; namespace?: string; labels?: Record<string, string> };
  report?: {
    artifact?: { repository?: string; tag?: string };
    summary?: { criticalCount?: number; highCount?: number; mediumCount?: number; lowCount?: number };
    vulnerabilities?: { vulnerabilityID?: string; resource?: string; installedVersion?: string; fixedVersion?: string; severity?: string; title?: string; score?: number }[];
  };
}

export interface Counts {
  critical: number;
  high: number;
  medium: number;
  low: number;
}

const kindLabel = "trivy-operator.resource.kind";
const nameLabel = "trivy-operator.resource.name";
const summary = ".report.summary";
const labels = ".metadata.labels";

/** Counts by deployment: a report is about a replica set, which is called after its deployment and a hash. */
export async function countsByDeployment(namespace: string, host: Host): Promise<Map<string, Counts>> {
  const found = new Map<string, Counts>();
  let next: string | undefined = "";
  while (next !== undefined) {
    const page: { items: Record<string, unknown>[]; continue?: string } = await host.kubernetes.project({ group, resource, namespace, fields: [labels, summary], limit: 500, ...(next && { continue: next }) });
    for (const item of page.items) {
      const owner = (item[labels] ?? {}) as Record<string, string>;
      if (owner[kindLabel] !== "ReplicaSet") continue;
      const deployment = owner[nameLabel]?.replace(/-[a-z0-9]+$/, "") ?? "";
      const { criticalCount = 0, highCount = 0, mediumCount = 0, lowCount = 0 } = (item[summary] ?? {}) as NonNullable<NonNullable<VulnerabilityReport["report"]>["summary"]>;
      const sum = found.get(deployment) ?? { critical: 0, high: 0, medium: 0, low: 0 };
      found.set(deployment, { critical: sum.critical + criticalCount, high: sum.high + highCount, medium: sum.medium + mediumCount, low: sum.low + lowCount });
    }
    next = page.continue;
  }
  return found;
}

/** The reports about what an object runs; none when the operator is not there. */
export async function reportsOf(object: ObjectReference, host: Host): Promise<VulnerabilityReport[]> {
  const owner = object.kind === "Pod" ? await replicaSetOf(object, host) : object.name;
  const { items } = await host.kubernetes.list<VulnerabilityReport>({ group, resource, limit: 100, ...(object.namespace && { namespace: object.namespace }) }).catch(() => ({ items: [] }));
  return items.filter(({ metadata }) => {
    const kind = metadata.labels?.[kindLabel];
    const name = metadata.labels?.[nameLabel] ?? "";
    if (object.kind === "Deployment") return kind === "ReplicaSet" && name.replace(/-[a-z0-9]+$/, "") === owner;
    return object.kind === "Pod" ? name === owner : kind === object.kind && name === owner;
  });
}

async function replicaSetOf({ namespace, name }: ObjectReference, host: Host): Promise<string> {
  const { metadata } = await host.kubernetes.get({ resource: "pods", name, ...(namespace && { namespace }) });
  const owners = (metadata["ownerReferences"] ?? []) as { name: string }[];
  return owners[0]?.name ?? name;
}
