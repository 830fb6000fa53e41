import { definePlugin, spinner } from "@lazyoc/plugin";

definePlugin({
  tabs: {
    "acme.workshop.pods": () => spinner("Nothing is watched yet"),
  },
});
