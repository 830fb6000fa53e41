import { button, definePlugin, empty, type Host, span, stack, table, text, type ViewNode } from "@lazyoc/plugin";

interface Pod {
  metadata: { name: string; namespace: string; uid: string };
  status?: { phase?: string; containerStatuses?: { restartCount: number; state?: { waiting?: { reason?: string } } }[] };
}

definePlugin({
  pages: {
    "__ID__.trouble": (_, host) => trouble(host),
  },
  // The user pressed the button: what this gives is shown.
  onInput: ({ node }, host) => (node === "refresh" ? trouble(host) : null),
});

async function trouble(host: Host): Promise<ViewNode> {
  const { items } = await host.kubernetes.list<Pod>({ resource: "pods", limit: 500 });
  const rows = items
    .map((pod) => ({ pod, why: reason(pod) }))
    .filter(({ why }) => why !== null)
    .map(({ pod: { metadata, status }, why }) => ({
      id: metadata.uid,
      cells: [
        span(metadata.namespace, "muted"),
        span(metadata.name, "strong"),
        span(why ?? "", "error"),
        span((status?.containerStatuses ?? []).reduce((sum, { restartCount }) => sum + restartCount, 0)),
      ],
    }));
  const shown = rows.length === 0 ? empty("All pods are well") : table(["NAMESPACE", "POD", "REASON", { title: "RESTARTS", type: "number", align: "end" }], rows);
  return stack([text(span(`${rows.length} of ${items.length} pods`, rows.length > 0 ? "warn" : "ok")), shown, button("refresh", "Refresh")], 1);
}

/** Why a pod is in trouble; null when it is not. */
function reason({ status }: Pod): string | null {
  const waiting = status?.containerStatuses?.map(({ state }) => state?.waiting?.reason).find((why) => why && why !== "ContainerCreating");
  return waiting ?? (status?.phase === "Failed" || status?.phase === "Unknown" ? status.phase : null);
}
