using System.Collections.Immutable;
using System.Text;
using LazyOC.EndToEnd.Tests;
using LazyOC.Marketplace.Protocol;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Packages;
using LazyOC.Plugins.Packages.Signing;

namespace LazyOC.Cli.Tests.Installing;

/// <summary>A registry of files in the home of a test, with a publisher <c>acme</c> and a key of its own.</summary>
internal sealed class TestRegistry(LazyOc lazyoc) : IDisposable
{
    public SigningKey Root { get; } = SigningKey.Create();

    public SigningKey Author { get; private set; } = SigningKey.Create();

    public string Folder => lazyoc.PathOf("registry");

    public void Dispose()
    {
        Root.Dispose();
        Author.Dispose();
    }

    /// <summary>Makes the registry known to the home as <c>test</c>.</summary>
    public async Task AddAsync()
    {
        await File.WriteAllTextAsync(lazyoc.PathOf("root.pem"), Root.PublicKey.ToPem());
        await lazyoc.OkAsync("registry", "add", Folder, "--key", lazyoc.PathOf("root.pem"), "--name", "test");
    }

    /// <summary>Signs packages as their author and offers them.</summary>
    public Task PublishAsync(params PluginPackage[] packages) => ExportAsync([.. packages.Select(package => new StaticPackage(package, [Sign(package)]))], []);

    /// <summary>The author's key is stolen, and he says so.</summary>
    public Task RevokeAsync(string reason) => ExportAsync([], [new KeyRevocation { Key = Author.PublicKey.Id, At = DateTimeOffset.UtcNow, Reason = reason }]);

    private async Task ExportAsync(ImmutableArray<StaticPackage> packages, ImmutableArray<KeyRevocation> revocations)
    {
        var export = new StaticExport { Name = "Test", Now = DateTimeOffset.UtcNow, Packages = packages, Revocations = revocations };
        Assert.True((await StaticRegistry.ExportAsync(Folder, export, [Root])).TryGet(out _, out var problems), Problem.Join(problems));
    }

    /// <summary>Changes what the index says of a version, and signs it anew.</summary>
    public void Rewrite(string id, Func<IndexLine, IndexLine> change)
    {
        var plugin = PluginId.Parse(id);
        var path = Path.Combine(Folder, RegistryPaths.IndexOf(plugin));
        var now = DateTimeOffset.UtcNow;
        Assert.True(IndexFile.Read(File.ReadAllBytes(path), plugin, KeySet.Of(Root.PublicKey), now).TryGet(out var index, out var problems), Problem.Join(problems));
        File.WriteAllBytes(path, IndexFile.Write(plugin, index.Header.Sequence + 1, now, now.AddDays(1), index.Lines.Select(change), Root));
    }

    /// <summary>The author goes on with another key, of which nobody is told.</summary>
    public void StealTheName() => Author = SigningKey.Create();

    public DsseEnvelope Sign(PluginPackage package) =>
        new PackageAttestation(PackageIdentity.Of(package), new BuildFacts { Builder = "test", Signed = DateTimeOffset.UtcNow }).Sign(Author);

    /// <summary>A small plugin.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="version">Its version.</param>
    /// <param name="more">More of its manifest.</param>
    /// <param name="code">Its bundle.</param>
    public static PluginPackage Package(string id, string version, string more = "", string code = "lazyoc.on('activate', () => null);")
    {
        var manifest = $$"""{"manifestVersion":1,"id":"{{id}}","version":"{{version}}","displayName":"{{id}}","engines":{"lazyoc":"^1.0"},"main":"main.js","activation":["onStartup"]{{(more.Length > 0 ? "," : "")}}{{more}}}""";
        using var folder = new PackFolder();
        File.WriteAllText(Path.Combine(folder.Path, "plugin.json"), manifest, new UTF8Encoding(false));
        File.WriteAllText(Path.Combine(folder.Path, "main.js"), code, new UTF8Encoding(false));
        Assert.True(PackageSource.Pack(folder.Path).TryGet(out var packed, out var problems), Problem.Join(problems));
        return packed.Package;
    }

    private sealed class PackFolder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("lazyoc-pack-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
