// Written by `lazyoc plugin` from plugin.json: the ids that the plugin has handlers for. Commit it; a change is made in plugin.json.
import "@lazyoc/plugin";

declare module "@lazyoc/plugin" {
  interface ManifestIds {
    plugin: "lazyoc.pod-health";
    columns: "lazyoc.pod-health.score";
    tabs: "lazyoc.pod-health.health";
    sections: "lazyoc.pod-health.warnings";
    actions: "lazyoc.pod-health.replace";
  }
}
