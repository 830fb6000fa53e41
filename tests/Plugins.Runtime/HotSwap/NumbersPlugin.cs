using LazyOC.Plugins.Packages;

namespace LazyOC.Plugins.Runtime.Tests.HotSwap;

/// <summary>A real plugin that stores under the keys it is told, and notes with each which version it is for and how often it was stored.</summary>
internal static class NumbersPlugin
{
    public const string Id = "acme.numbers";
    public const string Command = Id + ".store";

    /// <summary>What its migration logs when it has done half of the keys.</summary>
    public const string Half = "half of the keys are migrated";

    private const string Code = """
        lazyoc.on("activate", ({ reason }) => { if (FAILS && reason === "swap") throw new Error("does not take over"); });
        lazyoc.on("command", async ({ inputs }) => {
          const { value } = await lazyoc.call("storage.get", { key: inputs.key });
          await lazyoc.call("storage.set", { key: inputs.key, value: { version: MAJOR, times: (value?.times ?? 0) + 1 } });
        });
        """;

    private const string Migration = """
        lazyoc.on("migrate", async () => {
          const all = [];
          for (let page = { more: true }; page.more;) {
            page = await lazyoc.call("storage.list", { values: true, limit: 500, after: all.at(-1)?.key });
            all.push(...page.items);
          }
          for (const [i, { key, value }] of all.entries()) {
            await lazyoc.call("storage.set", { key, value: { ...value, version: MAJOR } });
            if (i === Math.floor(all.length / 2)) await lazyoc.call("log.write", { level: "info", message: "HALF" });
          }
        });
        """;

    /// <summary>Its package in a version.</summary>
    /// <param name="major">1 stores; 2 migrates what 1 stored.</param>
    /// <param name="fails">Whether it does not take over from another version; started by itself it runs.</param>
    public static PluginPackage Package(int major, bool fails = false)
    {
        var migrations = major == 1 ? "" : $$"""{ "from": "<{{major}}.0.0", "entry": "migrate.js" }""";
        var folder = Directory.CreateTempSubdirectory("lazyoc-numbers-");
        try
        {
            Write("plugin.json", $$"""
                {
                  "manifestVersion": 1, "id": "{{Id}}", "version": "{{major}}.0.0", "displayName": "Numbers", "engines": { "lazyoc": "^1.0" }, "main": "main.js",
                  "activation": ["onStartup"], "permissions": { "storage": "4MiB" }, "migrations": [{{migrations}}],
                  "contributes": { "commands": [{ "id": "{{Command}}", "title": "Store", "inputs": [{ "name": "key", "label": "Key", "kind": "text", "required": true }] }] }
                }
                """);
            Write("main.js", Code.Replace("MAJOR", $"{major}", StringComparison.Ordinal).Replace("FAILS", fails ? "true" : "false", StringComparison.Ordinal));
            if (major > 1) Write("migrate.js", Migration.Replace("MAJOR", $"{major}", StringComparison.Ordinal).Replace("HALF", Half, StringComparison.Ordinal));
            Assert.True(PackageSource.Pack(folder.FullName).TryGet(out var packed, out var problems), Contracts.Problem.Join(problems));
            return packed.Package;
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        void Write(string name, string content) => File.WriteAllText(Path.Combine(folder.FullName, name), content);
    }
}
