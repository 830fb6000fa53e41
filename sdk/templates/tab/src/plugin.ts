import { definePlugin, type Host, type ObjectReference, span, table, type ViewNode } from "@lazyoc/plugin";

interface Pod {
  spec: { containers: { name: string; image: string }[] };
  status?: { containerStatuses?: { name: string; ready: boolean }[] };
}

definePlugin({
  tabs: {
    "__ID__.images": ({ object }, host) => images(object, host),
  },
});

async function images({ name, namespace }: ObjectReference, host: Host): Promise<ViewNode> {
  const pod = await host.kubernetes.get<Pod>({ resource: "pods", name, ...(namespace && { namespace }) });
  return table(
    ["CONTAINER", "READY", "IMAGE"],
    pod.spec.containers.map((container) => {
      const ready = pod.status?.containerStatuses?.find((status) => status.name === container.name)?.ready ?? false;
      return { id: container.name, cells: [span(container.name, "strong"), span(ready ? "yes" : "no", ready ? "ok" : "warn"), span(container.image, "muted")] };
    }),
  );
}
