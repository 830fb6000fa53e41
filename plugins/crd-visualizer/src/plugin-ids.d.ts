// Written by `lazyoc plugin` from plugin.json: the ids that the plugin has handlers for. Commit it; a change is made in plugin.json.
import "@lazyoc/plugin";

declare module "@lazyoc/plugin" {
  interface ManifestIds {
    plugin: "lazyoc.crd-visualizer";
    tabs: "lazyoc.crd-visualizer.object";
    pages: "lazyoc.crd-visualizer.catalog";
  }
}
