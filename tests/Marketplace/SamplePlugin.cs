using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Packages;

namespace LazyOC.Marketplace.Tests;

/// <summary>A directory that goes away with the test.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("lazyoc-test-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

/// <summary>Small packages.</summary>
internal static class SamplePlugin
{
    public static readonly PluginId Id = PluginId.Parse("acme.demo");

    public static PluginPackage Package(string id = "acme.demo", string version = "1.0.0", string code = "export {};", string more = "", string permissions = "{}", string? readme = null, string name = "Demo", IReadOnlyDictionary<string, string>? files = null)
    {
        using var directory = new TemporaryDirectory();
        File.WriteAllText(
            Path.Combine(directory.Path, "plugin.json"),
            $$"""{"manifestVersion":1,"id":"{{id}}","version":"{{version}}","displayName":"{{name}}","engines":{"lazyoc":"^1.0"},"main":"plugin.js","permissions":{{permissions}}{{more}}}""");
        File.WriteAllText(Path.Combine(directory.Path, "plugin.js"), code);
        foreach (var (path, content) in files ?? new Dictionary<string, string>())
        {
            var file = Path.Combine(directory.Path, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, content);
        }
        if (readme is not null) File.WriteAllText(Path.Combine(directory.Path, "README.md"), readme);
        Assert.True(PackageSource.Pack(directory.Path).TryGet(out var packed, out var problems), Problem.Join(problems));
        return packed.Package;
    }
}
