import { definePlugin } from "@lazyoc/plugin";

// Version 1 keeps all marks in one text: "shop,billing".
definePlugin({
  commands: {
    "acme.workshop.mark": async ({ inputs }, host) => {
      const marked = (await host.storage.get<string>("marked")) ?? "";
      await host.storage.set("marked", marked ? `${marked},${String(inputs?.["name"])}` : String(inputs?.["name"]));
    },
  },
});
