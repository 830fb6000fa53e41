using System.Text.Json.Nodes;

namespace LazyOC.EndToEnd.Tests;

/// <summary>The source of a plugin, as its author has it: a manifest and code, ready to be packed.</summary>
internal sealed class PluginDirectory
{
    private readonly string _path;
    private readonly JsonObject _manifest;

    private PluginDirectory(string path, JsonObject manifest) => (_path, _manifest) = (path, manifest);

    /// <summary>A plugin in plain JavaScript.</summary>
    public static PluginDirectory JavaScript(string path, string id, string code) => Create(path, id, "plugin.js", System.Text.Encoding.UTF8.GetBytes(code));

    /// <summary>A plugin in WebAssembly, from a fixture of these tests.</summary>
    public static PluginDirectory WebAssembly(string path, string id, string fixture) =>
        Create(path, id, "plugin.wasm", File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Fixtures", fixture)));

    /// <summary>A plugin in TypeScript, from a fixture of these tests.</summary>
    public static async Task<PluginDirectory> TypeScriptAsync(string path, string fixture)
    {
        var source = Path.Combine(LazyOc.RepositoryRoot, "tests", "EndToEnd", "Fixtures", fixture);
        Directory.CreateDirectory(Path.Combine(path, "dist"));
        await GuestBuild.TypeScriptAsync(LazyOc.RepositoryRoot, Path.Combine(source, "src", "plugin.ts"), Path.Combine(path, "dist"));
        var templates = Path.Combine(source, "templates");
        if (Directory.Exists(templates)) Directory.CreateDirectory(Path.Combine(path, "templates"));
        foreach (var file in Directory.Exists(templates) ? Directory.EnumerateFiles(templates) : []) File.Copy(file, Path.Combine(path, "templates", Path.GetFileName(file)));
        return new PluginDirectory(path, JsonNode.Parse(File.ReadAllText(Path.Combine(source, "plugin.json")))!.AsObject());
    }

    /// <summary>A copy of a built sample plugin of this repository.</summary>
    public static PluginDirectory CopyOf(string sample, string path)
    {
        var source = Path.Combine(LazyOc.RepositoryRoot, "plugins", sample);
        Directory.CreateDirectory(Path.Combine(path, "dist"));
        foreach (var file in Directory.EnumerateFiles(Path.Combine(source, "dist"))) File.Copy(file, Path.Combine(path, "dist", Path.GetFileName(file)));
        return new PluginDirectory(path, JsonNode.Parse(File.ReadAllText(Path.Combine(source, "plugin.json")))!.AsObject());
    }

    /// <summary>Changes the manifest before it is packed.</summary>
    public PluginDirectory With(Action<JsonObject> change)
    {
        change(_manifest);
        return this;
    }

    /// <summary>Adds a member to the manifest, from JSON.</summary>
    public PluginDirectory With(string member, string json) => With(manifest => manifest[member] = JsonNode.Parse(json));

    /// <summary>Packs it with <c>plugin pack</c>; the package's path.</summary>
    public async Task<string> PackAsync(LazyOc lazyoc)
    {
        File.WriteAllText(Path.Combine(_path, "plugin.json"), _manifest.ToJsonString());
        var package = _path + ".lzp";
        await lazyoc.OkAsync("plugin", "pack", _path, "--file", package);
        return package;
    }

    /// <summary>Packs it and installs it in the demo.</summary>
    public async Task InstallInDemoAsync(LazyOc lazyoc) => await lazyoc.OkAsync("plugin", "install", await PackAsync(lazyoc), "--yes", "--allow-unsigned", "--demo");

    private static PluginDirectory Create(string path, string id, string main, byte[] code)
    {
        Directory.CreateDirectory(path);
        File.WriteAllBytes(Path.Combine(path, main), code);
        return new PluginDirectory(path, new JsonObject
        {
            ["manifestVersion"] = 1,
            ["id"] = id,
            ["version"] = "1.0.0",
            ["displayName"] = id,
            ["engines"] = new JsonObject { ["lazyoc"] = "^1.0" },
            ["main"] = main,
        });
    }
}
