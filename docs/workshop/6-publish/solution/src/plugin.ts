import { definePlugin } from "@lazyoc/plugin";

// Version 2 keeps a key for each mark, so that a hook has to read one alone.
definePlugin({
  commands: {
    "acme.workshop.mark": async ({ inputs }, host) => {
      await host.storage.set(`marked/${String(inputs?.["name"])}`, true);
    },
  },
  hooks: {
    "acme.workshop.marked": async ({ reference }, host) => {
      if (!(await host.storage.get(`marked/${reference.name}`))) return { outcome: "allow" };
      return { outcome: "warn", text: `${reference.name} is marked` };
    },
  },
});
