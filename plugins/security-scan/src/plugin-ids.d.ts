// Written by `lazyoc plugin` from plugin.json: the ids that the plugin has handlers for. Commit it; a change is made in plugin.json.
import "@lazyoc/plugin";

declare module "@lazyoc/plugin" {
  interface ManifestIds {
    plugin: "lazyoc.security-scan";
    columns: "lazyoc.security-scan.findings" | "lazyoc.security-scan.vulnerabilities";
    tabs: "lazyoc.security-scan.deployment" | "lazyoc.security-scan.statefulset" | "lazyoc.security-scan.daemonset" | "lazyoc.security-scan.pod";
    pages: "lazyoc.security-scan.report";
    cards: "lazyoc.security-scan.card";
    resourceViews: "lazyoc.security-scan.trivy";
    hooks: "lazyoc.security-scan.policy";
    commands: "lazyoc.security-scan.sarif";
    services: "check" | "rules" | "summary";
  }
}
