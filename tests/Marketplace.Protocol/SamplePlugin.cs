using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Packages;
using static LazyOC.Marketplace.Protocol.Tests.Outcomes;

namespace LazyOC.Marketplace.Protocol.Tests;

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

    public static PluginPackage Package(string id = "acme.demo", string version = "1.0.0", string code = "export {};", string more = "")
    {
        using var directory = new TemporaryDirectory();
        File.WriteAllText(
            Path.Combine(directory.Path, "plugin.json"),
            $$"""{"manifestVersion":1,"id":"{{id}}","version":"{{version}}","displayName":"Demo","engines":{"lazyoc":"^1.0"},"main":"plugin.js","permissions":{"kubernetes":[{"apiGroups":[""],"resources":["pods"],"verbs":["get"]}]}{{more}}}""");
        File.WriteAllText(Path.Combine(directory.Path, "plugin.js"), code);
        return Value(PackageSource.Pack(directory.Path)).Package;
    }
}
