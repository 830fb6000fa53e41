import { definePlugin, type KubernetesObject } from "@lazyoc/plugin";

interface Deployment extends KubernetesObject {
  spec: { replicas?: number };
}

definePlugin({
  actions: {
    "acme.workshop.more": async ({ objects }, host) => {
      const names = objects.map(({ name }) => name).join(", ");
      if (!(await host.ui.confirm(`One pod more for ${names}?`, "caution"))) return;
      for (const { name, namespace = "" } of objects) {
        const { spec } = await host.kubernetes.get<Deployment>({ group: "apps", resource: "deployments", namespace, name });
        // `host` is of this action: its gesture goes along.
        await host.kubernetes.scale({ group: "apps", resource: "deployments", namespace, name, replicas: (spec.replicas ?? 1) + 1 });
      }
      await host.ui.notify(`One pod more for ${names}`, "ok");
    },
  },
});
