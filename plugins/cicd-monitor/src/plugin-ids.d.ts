// Written by `lazyoc plugin` from plugin.json: the ids that the plugin has handlers for. Commit it; a change is made in plugin.json.
import "@lazyoc/plugin";

declare module "@lazyoc/plugin" {
  interface ManifestIds {
    plugin: "lazyoc.cicd-monitor";
    tabs: "lazyoc.cicd-monitor.build" | "lazyoc.cicd-monitor.pipeline" | "lazyoc.cicd-monitor.task" | "lazyoc.cicd-monitor.application";
    pages: "lazyoc.cicd-monitor.board";
    actions: "lazyoc.cicd-monitor.rerun" | "lazyoc.cicd-monitor.cancel" | "lazyoc.cicd-monitor.sync" | "lazyoc.cicd-monitor.refresh";
    commands: "lazyoc.cicd-monitor.open";
    statusItems: "lazyoc.cicd-monitor.status";
  }
}
