import { definePlugin, type HookAnswer, type HookRequest } from "@lazyoc/plugin";

definePlugin({
  hooks: {
    // It has half a second: look at what it is handed rather than ask the cluster.
    "__ID__.delete": (change) => before(change),
  },
});

function before({ object, reference }: HookRequest): HookAnswer {
  const ready = (object?.["status"] as { readyReplicas?: number } | undefined)?.readyReplicas ?? 0;
  return ready === 0 ? { outcome: "allow" } : { outcome: "warn", text: `${reference.name} still runs ${ready} ${ready === 1 ? "pod" : "pods"}` };
}
