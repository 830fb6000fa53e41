import { definePlugin } from "@lazyoc/plugin";

definePlugin({
  actions: {
    "__ID__.restart": async ({ objects }, host) => {
      const names = objects.map(({ name }) => name).join(", ");
      if (!(await host.ui.confirm(`Restart ${names}?`, "caution"))) return;
      const { now } = await host.info();
      const patch = { spec: { template: { metadata: { annotations: { "kubectl.kubernetes.io/restartedAt": now } } } } };
      // The gesture that the user made by starting the action goes along with these writes.
      for (const { name, namespace } of objects)
        await host.kubernetes.patch({ group: "apps", resource: "deployments", name, ...(namespace && { namespace }), type: "merge", patch });
      await host.ui.notify(`Restarted ${names}`, "ok");
    },
  },
});
