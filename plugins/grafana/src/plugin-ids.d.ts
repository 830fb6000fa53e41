// Written by `lazyoc plugin` from plugin.json: the ids that the plugin has handlers for. Commit it; a change is made in plugin.json.
import "@lazyoc/plugin";

declare module "@lazyoc/plugin" {
  interface ManifestIds {
    plugin: "lazyoc.grafana";
    tabs: "lazyoc.grafana.deployment" | "lazyoc.grafana.pod";
    pages: "lazyoc.grafana.dashboards";
    actions: "lazyoc.grafana.annotate";
    commands: "lazyoc.grafana.open";
    statusItems: "lazyoc.grafana.status";
  }
}
