import { definePlugin } from "@lazyoc/plugin";

definePlugin({
  actions: {
    "acme.workshop.more": async ({ objects }, host) => {
      await host.ui.notify(`${objects.length} deployments would get one pod more`);
    },
  },
});
