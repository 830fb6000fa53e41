import { definePlugin, empty, type Host, type ObjectReference, span, type TextStyle, type ViewNode } from "@lazyoc/plugin";

interface Application {
  spec: { source?: { repoURL: string; path?: string; targetRevision?: string }; destination?: { namespace?: string } };
  status?: { sync?: { status?: string; revision?: string }; health?: { status?: string } };
}

definePlugin({
  resourceViews: {
    "__ID__.application": ({ object }, host) => (object ? details(object, host) : empty("No application is chosen")),
  },
});

async function details({ name, namespace }: ObjectReference, host: Host): Promise<ViewNode> {
  const { spec, status } = await host.kubernetes.get<Application>({ group: "argoproj.io", resource: "applications", name, ...(namespace && { namespace }) });
  const sync = status?.sync?.status ?? "Unknown";
  const health = status?.health?.status ?? "Unknown";
  return {
    type: "keyValue",
    items: [
      { key: "Sync", value: [span(sync, sync === "Synced" ? "ok" : "warn"), span(status?.sync?.revision ? ` at ${status.sync.revision}` : "", "muted")] },
      { key: "Health", value: [span(health, styles[health] ?? "muted")] },
      { key: "Source", value: [span(spec.source ? `${spec.source.repoURL} ${spec.source.path ?? ""}` : "none")] },
      { key: "Revision", value: [span(spec.source?.targetRevision ?? "HEAD")] },
      { key: "Namespace", value: [span(spec.destination?.namespace ?? "")] },
    ],
  };
}

const styles: Record<string, TextStyle> = { Healthy: "ok", Progressing: "info", Degraded: "error", Missing: "error", Suspended: "warn" };
