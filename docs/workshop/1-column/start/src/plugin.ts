import { definePlugin } from "@lazyoc/plugin";

definePlugin({
  columns: {
    "acme.workshop.ready": ({ rows }) => rows.map(() => ({ text: "?" })),
  },
});
