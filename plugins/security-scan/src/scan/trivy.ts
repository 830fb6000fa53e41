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

/**
 * Counts by deployment: a report is about a container of a replica set, which is called after its deployment and a hash. Of
 * the replica sets of one deployment the worst counts, since a rollout's old one has the same images but one.
 */
export async function countsByDeployment(namespace: string, host: Host): Promise<Map<string, Counts>> {
  const byReplicaSet = new Map<string, Counts>();
  let next: string | undefined = "";
  while (next !== undefined) {
    const page: { items: Record<string, unknown>[]; continue?: string } = await host.kubernetes.project({ group, resource, namespace, fields: [labels, summary], limit: 500, ...(next && { continue: next }) });
    for (const item of page.items) {
      const owner = (item[labels] ?? {}) as Record<string, string>;
      if (owner[kindLabel] !== "ReplicaSet") continue;
      const name = owner[nameLabel] ?? "";
      const { criticalCount = 0, highCount = 0, mediumCount = 0, lowCount = 0 } = (item[summary] ?? {}) as NonNullable<NonNullable<VulnerabilityReport["report"]>["summary"]>;
      const sum = byReplicaSet.get(name) ?? { critical: 0, high: 0, medium: 0, low: 0 };
      byReplicaSet.set(name, { critical: sum.critical + criticalCount, high: sum.high + highCount, medium: sum.medium + mediumCount, low: sum.low + lowCount });
    }
    next = page.continue;
  }
  const found = new Map<string, Counts>();
  for (const [name, counts] of byReplicaSet) {
    const deployment = deploymentOf(name);
    const other = found.get(deployment);
    if (!other || weight(counts) > weight(other)) found.set(deployment, counts);
  }
  return found;
}

function deploymentOf(replicaSet: string): string {
  return replicaSet.replace(/-[a-z0-9]+$/, "");
}

/** One of a severity weighs more than any number of the next that is likely. */
function weight({ critical, high, medium, low }: Counts): number {
  return critical * 1e9 + high * 1e6 + medium * 1e3 + low;
}

/** The reports about what an object runs; none when the operator is not there. */
export async function reportsOf(object: ObjectReference, host: Host): Promise<VulnerabilityReport[]> {
  const owner = object.kind === "Pod" ? await replicaSetOf(object, host) : object.name;
  const { items } = await host.kubernetes.list<VulnerabilityReport>({ group, resource, limit: 100, ...(object.namespace && { namespace: object.namespace }) }).catch(() => ({ items: [] }));
  return items.filter(({ metadata }) => {
    const kind = metadata.labels?.[kindLabel];
    const name = metadata.labels?.[nameLabel] ?? "";
    if (object.kind === "Deployment") return kind === "ReplicaSet" && deploymentOf(name) === owner;
    return object.kind === "Pod" ? name === owner : kind === object.kind && name === owner;
  });
}

async function replicaSetOf({ namespace, name }: ObjectReference, host: Host): Promise<string> {
  const { metadata } = await host.kubernetes.get({ resource: "pods", name, ...(namespace && { namespace }) });
  const owners = (metadata["ownerReferences"] ?? []) as { name: string }[];
  return owners[0]?.name ?? name;
}
