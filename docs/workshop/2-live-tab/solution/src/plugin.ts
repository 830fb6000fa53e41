import { definePlugin, empty, type Host, span, spinner, table, type ViewNode, type WatchMessage } from "@lazyoc/plugin";

const phase = ".status.phase";

/** What is known of the pods of one open tab, by name. */
interface Board {
  instance: string;
  pods: Map<string, string>;
}

const boards = new Map<string, Board>();

definePlugin({
  tabs: {
    "acme.workshop.pods": async ({ object, instance }, host) => {
      const known = [...boards.values()].find((board) => board.instance === instance);
      if (known) return view(known);
      const watch = await host.kubernetes.watch({ resource: "pods", ...(object.namespace && { namespace: object.namespace }), labelSelector: `app=${object.name}`, fields: [phase] });
      boards.set(watch, { instance, pods: new Map() });
      return spinner("The pods are on their way");
    },
  },
  onWatch: (message, host) => follow(message, host),
});

async function follow({ watch, events, reset }: WatchMessage, host: Host): Promise<void> {
  const board = boards.get(watch);
  if (!board) return;
  if (reset) board.pods.clear();
  for (const { type, object, fields } of events) {
    if (type === "deleted") board.pods.delete(object.name);
    else board.pods.set(object.name, String(fields?.[phase] ?? "?"));
  }
  try {
    await host.ui.update(board.instance, view(board));
  } catch {
    // The tab was closed: nobody looks any more.
    boards.delete(watch);
    await host.kubernetes.unwatch(watch);
  }
}

function view({ pods }: Board): ViewNode {
  if (pods.size === 0) return empty("No pod is here");
  const rows = [...pods].sort().map(([name, now]) => ({ id: name, cells: [span(name, "strong"), span(now, now === "Running" ? "ok" : "warn")] }));
  return table(["POD", "PHASE"], rows);
}
