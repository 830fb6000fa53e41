// Written by `lazyoc plugin` from plugin.json: the ids that the plugin has handlers for. Commit it; a change is made in plugin.json.
import "@lazyoc/plugin";

declare module "@lazyoc/plugin" {
  interface ManifestIds {
    plugin: "lazyoc.prometheus";
    columns: "lazyoc.prometheus.cpu" | "lazyoc.prometheus.memory";
    tabs: "lazyoc.prometheus.pod" | "lazyoc.prometheus.deployment";
    pages: "lazyoc.prometheus.explore";
    commands: "lazyoc.prometheus.export";
    statusItems: "lazyoc.prometheus.status";
    services: "query";
  }
}
