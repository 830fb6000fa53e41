using LazyOC.Marketplace.Protocol.Client;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Packages.Resolution;
using static LazyOC.Marketplace.Protocol.Tests.Outcomes;

namespace LazyOC.Marketplace.Protocol.Tests.Client;

/// <summary>A publisher that one registry holds is never asked for at another, which anybody may publish to.</summary>
public sealed class DependencyConfusionTests : IAsyncLifetime
{
    private static readonly PluginId Tool = PluginId.Parse("acme.demo");

    private readonly List<string> _notes = [];
    private RegistryFixture _corp = null!;
    private RegistryFixture _public = null!;

    public async Task InitializeAsync()
    {
        _corp = await RegistryFixture.WithAsync(SamplePlugin.Package());
        _public = await RegistryFixture.WithAsync(SamplePlugin.Package(version: "99.0.0", code: "evil();"));
    }

    public async Task DisposeAsync()
    {
        await _corp.DisposeAsync();
        await _public.DisposeAsync();
    }

    private AvailableVersions Versions(string corpHolds, bool isInstalled = false, string? only = null)
    {
        RegistryEntry Entry(string name, RegistryFixture registry, string holds) => new() { Name = name, Url = registry.Server.Root, Keys = [registry.Root.PublicKey], Publishers = [holds] };
        var list = new RegistryList { RegistriesVersion = 1, Registries = [Entry("corp", _corp, corpHolds), Entry("public", _public, "*")] };
        var set = new RegistrySet(list, entry =>
        {
            var registry = entry.Name == "corp" ? _corp : _public;
            return new RegistryClient(entry, registry.Files(), new RegistryCache(registry.Cache), registry.Time, _notes.Add);
        }, only);
        var installed = new Dictionary<PluginId, PluginManifest>();
        if (isInstalled) installed[Tool] = SamplePlugin.Package().Manifest;
        return new AvailableVersions(set, installed, new Dictionary<PluginId, PackageOrigin.InFile>(), _corp.Time, ignoresCooldown: false, _notes.Add);
    }

    private static async Task<string[]> FoundAsync(AvailableVersions versions) => [.. Value(await versions.VersionsOfAsync(Tool, CancellationToken.None)).Select(version => version.Version.ToString())];

    [Fact]
    public async Task Versions_PublisherThatAnotherRegistryHolds_AreNotAskedForAtThisOne()
    {
        Assert.Equal(["1.0.0"], await FoundAsync(Versions("acme")));
        Assert.Empty(_public.Server.Requests);
    }

    [Fact]
    public async Task Versions_PluginThatItsRegistryDoesNotHave_IsNotAskedForElsewhere()
    {
        Directory.Delete(Path.Combine(_corp.Folder, "v1", "index"), recursive: true);
        Assert.Empty(await FoundAsync(Versions("acme")));
        Assert.Single(_corp.Server.Requests);
        Assert.Empty(_public.Server.Requests);
    }

    [Fact]
    public async Task Versions_RegistryThatIsDown_IsNotReplacedByAnother()
    {
        await _corp.Server.DisposeAsync();
        Assert.Contains("cannot be reached", Refusal(await Versions("acme").VersionsOfAsync(Tool, CancellationToken.None)), StringComparison.Ordinal);
        Assert.Equal(["1.0.0"], await FoundAsync(Versions("acme", isInstalled: true)));
        Assert.StartsWith("acme.demo stays as it is: ", Assert.Single(_notes), StringComparison.Ordinal);
        Assert.Empty(_public.Server.Requests);
    }

    [Fact]
    public async Task Versions_PublisherThatIsNotHeld_AreThoseOfTheOtherRegistry()
    {
        Assert.Equal(["99.0.0"], await FoundAsync(Versions("corp")));
        Assert.Empty(_corp.Server.Requests);
    }

    [Fact]
    public async Task Versions_OfTheOnlyRegistryThatIsAsked_AreNotThoseThatAnotherHolds()
    {
        Assert.Contains("comes from the registry corp, which is not asked here", Refusal(await Versions("acme", only: "public").VersionsOfAsync(Tool, CancellationToken.None)), StringComparison.Ordinal);
        Assert.Empty(_public.Server.Requests);
        Assert.Empty(_corp.Server.Requests);
        Assert.Equal(["99.0.0"], await FoundAsync(Versions("corp", only: "public")));
    }

    [Fact]
    public async Task Origin_OfAVersion_IsItsRegistry()
    {
        var versions = Versions("acme");
        var version = Value(await versions.VersionsOfAsync(Tool, CancellationToken.None)).Single();
        Assert.Equal("corp", Assert.IsType<PackageOrigin.InRegistry>(versions.OriginOf(Tool, version.Version)).Client.Registry.Name);
        Assert.Null(versions.OriginOf(Tool, SamplePlugin.Package(version: "99.0.0").Manifest.Version));
    }

    [Fact]
    public async Task Versions_CoolingDown_AreFilteredUntilItIsOver()
    {
        var line = IndexLine.Of(SamplePlugin.Package(), RegistryFixture.Now) with { CooldownHours = 72 };
        await File.WriteAllBytesAsync(Path.Combine(_corp.Folder, RegistryPaths.IndexOf(Tool)), IndexFile.Write(Tool, 2, RegistryFixture.Now, RegistryFixture.Now.AddDays(7), [line], _corp.Root));
        Assert.Equal(new Filter.CoolingDown(RegistryFixture.Now.AddHours(72)), Value(await Versions("acme").VersionsOfAsync(Tool, CancellationToken.None)).Single().Filtered);
        // What mends an advisory does not wait.
        await File.WriteAllBytesAsync(Path.Combine(_corp.Folder, RegistryPaths.IndexOf(Tool)), IndexFile.Write(Tool, 3, RegistryFixture.Now, RegistryFixture.Now.AddDays(7), [line with { SecurityFix = "ACME-1" }], _corp.Root));
        Assert.Null(Value(await Versions("acme").VersionsOfAsync(Tool, CancellationToken.None)).Single().Filtered);
        await File.WriteAllBytesAsync(Path.Combine(_corp.Folder, RegistryPaths.IndexOf(Tool)), IndexFile.Write(Tool, 4, RegistryFixture.Now, RegistryFixture.Now.AddDays(7), [line], _corp.Root));
        _corp.Time.Now = RegistryFixture.Now.AddHours(72);
        Assert.Null(Value(await Versions("acme").VersionsOfAsync(Tool, CancellationToken.None)).Single().Filtered);
    }
}
