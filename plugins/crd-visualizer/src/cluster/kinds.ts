import type { ApiResource, Host, HostError, ObjectReference } from "@lazyoc/plugin";

/** How long what is served serves. */
const freshMs = 60_000;

let known: { at: number; resources: Promise<ApiResource[]> } | null = null;

/** The resources that the cluster serves, each at its preferred version. */
export async function served(host: Host): Promise<ApiResource[]> {
  const at = Date.parse((await host.info()).now);
  if (!known || at - known.at >= freshMs) {
    const asked = { at, resources: host.kubernetes.discover() };
    known = asked;
    asked.resources.catch(() => {
      if (known === asked) known = null;
    });
  }
  return known.resources;
}

export function forgetServed(): void {
  known = null;
}

/** The resource of a kind; undefined when the cluster does not serve it. */
export async function resourceOf({ group, kind }: Pick<ObjectReference, "group" | "kind">, host: Host): Promise<ApiResource | undefined> {
  return (await served(host)).find((one) => one.group === group && one.kind === kind);
}

/** Whether a kind can be custom: a definition's group is a domain with a dot, and those of Kubernetes itself end so. */
export function canBeCustom(group: string): boolean {
  return group.includes(".") && !builtIn.has(group);
}

const builtIn = new Set([
  "admissionregistration.k8s.io", "apiextensions.k8s.io", "apiregistration.k8s.io", "authentication.k8s.io", "authorization.k8s.io", "certificates.k8s.io", "coordination.k8s.io", "discovery.k8s.io",
  "events.k8s.io", "flowcontrol.apiserver.k8s.io", "metrics.k8s.io", "networking.k8s.io", "node.k8s.io", "rbac.authorization.k8s.io", "resource.k8s.io", "scheduling.k8s.io", "storage.k8s.io",
]);

/** Calls for pages of a resource, from the first on, until there is no more or enough. */
export async function pages(request: Parameters<Host["kubernetes"]["project"]>[0], most: number, host: Host): Promise<{ items: Record<string, unknown>[]; hasMore: boolean }> {
  const items: Record<string, unknown>[] = [];
  let next: string | undefined = "";
  while (next !== undefined && items.length < most) {
    const page: { items: Record<string, unknown>[]; continue?: string } = await host.kubernetes.project({ ...request, limit: Math.min(pageSize, most - items.length), ...(next && { continue: next }) });
    items.push(...page.items);
    next = page.continue;
  }
  return { items, hasMore: next !== undefined };
}

const pageSize = 500;

export function codeOf(refused: unknown): string {
  return (refused as Partial<HostError>).code ?? "internal";
}

export function messageOf(failed: unknown): string {
  return failed instanceof Error ? failed.message : String(failed);
}
