using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Packages;

namespace LazyOC.Plugins.Testing.Tests;

/// <summary>A plugin with a contribution of most kinds, in plain JavaScript.</summary>
internal static class SamplePlugin
{
    private const string Manifest = """
        {
          "manifestVersion": 1, "id": "acme.sample", "version": "1.0.0", "displayName": "Sample", "engines": { "lazyoc": "^1.0" }, "main": "main.js",
          "permissions": {
            "kubernetes": [
              { "apiGroups": ["apps"], "resources": ["deployments"], "verbs": ["get"] },
              { "apiGroups": ["apps"], "resources": ["deployments"], "verbs": ["delete"] }
            ],
            "hooks": [{ "kinds": ["apps/Deployment"], "verbs": ["delete", "update"], "effects": ["warn", "deny", "patch"] }],
            "logs": [{ "kinds": ["Pod"] }]
          },
          "configuration": { "type": "object", "properties": { "greeting": { "type": "string", "default": "hello" } } },
          "contributes": {
            "columns": [
              { "id": "acme.sample.images", "resource": "apps/Deployment", "title": "IMAGES", "compute": [".spec.template.spec.containers[*].image", ".spec.absent"] },
              { "id": "acme.sample.replicas", "resource": "apps/Deployment", "title": "N", "path": ".spec.replicas" }
            ],
            "tabs": [{ "id": "acme.sample.tab", "resource": "apps/Deployment", "title": "Sample" }],
            "pages": [{ "id": "acme.sample.page", "title": "Sample" }],
            "actions": [{ "id": "acme.sample.delete", "resources": ["apps/Deployment"], "title": "Delete", "danger": "destructive" }],
            "commands": [{ "id": "acme.sample.ask", "title": "Ask" }],
            "hooks": [{ "id": "acme.sample.hook", "title": "Hook", "phase": "before", "resources": ["apps/Deployment"], "verbs": ["delete", "update"], "effects": ["warn", "deny", "patch"] }],
            "logTransforms": [{ "id": "acme.sample.log", "resource": "Pod", "title": "Log" }],
            "statusItems": [{ "id": "acme.sample.status", "title": "Status" }]
          }
        }
        """;

    private const string Code = """
        let drawn = 0;
        const text = (words) => ({ type: "text", spans: [{ text: words }] });
        lazyoc.on("render", async ({ view, object }) => {
          drawn++;
          if (view === "acme.sample.page") return { type: "stack", children: [text(`drawn ${drawn}`), { type: "button", id: "more", label: "More" }] };
          const deployment = await lazyoc.call("kubernetes.get", { group: "apps", resource: "deployments", name: object.name, namespace: object.namespace });
          return text(`${deployment.metadata.name} wants ${deployment.spec.replicas}`);
        });
        lazyoc.on("dehydrate", () => ({ state: { drawn } }));
        lazyoc.on("hydrate", ({ state }) => {
          if (state.drawn === 3) throw new Error("three are enough");
          drawn = state.drawn;
        });
        lazyoc.on("input", async () => text("pressed"));
        lazyoc.on("compute", ({ rows }) => ({ cells: rows.map(({ values }) => ({ text: values.join("|") })) }));
        lazyoc.on("action", async ({ objects }, { gesture }) => {
          for (const { name, namespace } of objects) await lazyoc.call("kubernetes.delete", { group: "apps", resource: "deployments", name, namespace }, gesture);
          return {};
        });
        lazyoc.on("command", async (_, { gesture }) => {
          const { values } = await lazyoc.call("config.get", {});
          const { confirmed } = await lazyoc.call("ui.confirm", { text: values.greeting, danger: "none" }, gesture);
          const filled = await lazyoc.call("ui.prompt", { title: "Name?", fields: [{ name: "name", label: "Name", kind: "text" }] }, gesture);
          await lazyoc.call("ui.notify", { text: `${confirmed} ${filled.values?.name}`, style: "ok" });
          await lazyoc.call("ui.status", { item: "acme.sample.status", text: "asked", style: "plain" });
          console.info("asked");
          return {};
        });
        lazyoc.on("hook", ({ verb, object }) => {
          if (verb === "update") return { outcome: "patch", patch: [{ op: "add", path: "/metadata/labels/checked", value: "yes" }] };
          return object?.metadata.name === "cart" ? { outcome: "deny", reason: "never" } : { outcome: "warn", text: "careful" };
        });
        lazyoc.on("logLines", ({ lines }) => {
          if (lines.includes("throw")) throw new Error("no such line");
          return { lines: lines.map((line) => (line === "hide" ? null : { spans: [{ text: line.toUpperCase(), style: "ok" }] })) };
        });
        """;

    /// <summary>Packed as its author packs it.</summary>
    public static PluginPackage Package { get; } = Pack();

    private static PluginPackage Pack()
    {
        var folder = Directory.CreateTempSubdirectory("lazyoc-sample-");
        try
        {
            File.WriteAllText(Path.Combine(folder.FullName, "plugin.json"), Manifest);
            File.WriteAllText(Path.Combine(folder.FullName, "main.js"), Code);
            Assert.True(PluginHarness.Open(folder.FullName).TryGet(out var package, out var problems), Problem.Join(problems));
            return package;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
