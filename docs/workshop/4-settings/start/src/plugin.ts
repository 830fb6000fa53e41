import { definePlugin, empty } from "@lazyoc/plugin";

definePlugin({
  pages: {
    "acme.workshop.alerts": () => empty("This page knows no server"),
  },
});
