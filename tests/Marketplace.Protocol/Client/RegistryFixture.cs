using System.Collections.Immutable;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using LazyOC.Marketplace.Protocol.Client;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Packages;
using LazyOC.Plugins.Packages.Signing;
using static LazyOC.Marketplace.Protocol.Tests.Outcomes;

namespace LazyOC.Marketplace.Protocol.Tests.Client;

/// <summary>A signed registry in a folder, a server over it, and a user who trusts its key.</summary>
internal sealed class RegistryFixture : IAsyncDisposable
{
    public static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Too large for one packet, and no smaller when it is packed.</summary>
    public static readonly PluginPackage Demo = SamplePlugin.Package(code: $"// {Convert.ToBase64String(RandomNumberGenerator.GetBytes(300_000))}");

    public static readonly string IndexPath = RegistryPaths.IndexOf(SamplePlugin.Id);
    public static readonly string KeysPath = RegistryPaths.PublisherOf("acme");
    public static readonly string DemoPath = PathOf(Demo.Digest);

    private static readonly ProductInfoHeaderValue UserAgent = new("lazyoc", "1.0");

    private readonly TemporaryDirectory _registry = new();
    private readonly TemporaryDirectory _home = new();
    private readonly List<HttpRegistryFiles> _opened = [];

    public RegistryFixture() => Server = new LoopbackServer(_registry.Path);

    /// <summary>Waits are long enough to be held by <see cref="ClientTime"/>.</summary>
    public static RegistryClientLimits Limits { get; } = new()
    {
        ConnectTimeout = TimeSpan.FromMinutes(1),
        AnswerTimeout = ClientTime.Long,
        RateWindow = ClientTime.Long * 2,
        Attempts = 1,
    };

    public SigningKey Root { get; } = SigningKey.Create();

    public SigningKey Author { get; } = SigningKey.Create();

    public LoopbackServer Server { get; }

    public ClientTime Time { get; } = new(Now);

    /// <summary>What the user was told.</summary>
    public List<string> Notes { get; } = [];

    public string Folder => _registry.Path;

    public string Cache => Path.Combine(_home.Path, "cache");

    public string Downloads => Path.Combine(_home.Path, "downloads");

    public string Part => Path.Combine(Downloads, $"{Demo.Digest}.part");

    /// <summary>What lies in the folder of downloads.</summary>
    public string[] Left => Directory.Exists(Downloads) ? [.. Directory.EnumerateFiles(Downloads).Select(file => Path.GetFileName(file))] : [];

    public static string PathOf(Digest digest) => $"v1/packages/{digest}.lzp";

    public static Task<RegistryFixture> WithDemoAsync() => WithAsync(Demo);

    public static async Task<RegistryFixture> WithAsync(PluginPackage package)
    {
        var fixture = new RegistryFixture();
        await fixture.ExportAsync(package);
        return fixture;
    }

    /// <summary>The same files on another origin.</summary>
    public LoopbackServer ServeElsewhere() => new(Folder);

    public Task ExportAsync(params IEnumerable<PluginPackage> packages) => ExportAsync(new StaticExport { Name = "Acme", Packages = [.. packages.Select(Signed)], Now = Time.Now });

    public async Task ExportAsync(StaticExport export) => Value(await StaticRegistry.ExportAsync(Folder, export, [Root]));

    public StaticPackage Signed(PluginPackage package) => Signed(package, Author);

    public static StaticPackage Signed(PluginPackage package, SigningKey author) =>
        new(package, [new PackageAttestation(PackageIdentity.Of(package), new BuildFacts { Builder = "test", Signed = Now }).Sign(author)]);

    public HttpRegistryFiles Files(RegistryClientLimits? limits = null, string? token = null, Uri? root = null)
    {
        var files = new HttpRegistryFiles(root ?? Server.Root, token, limits ?? Limits, Time, UserAgent);
        _opened.Add(files);
        return files;
    }

    /// <summary>A client that begins now, as a new process does; what was seen before is remembered.</summary>
    public RegistryClient Client(RegistryClientLimits? limits = null, string? token = null, IRegistryFiles? files = null, ImmutableArray<PublicKey>? keys = null) =>
        new(new RegistryEntry { Name = "acme", Url = Server.Root, Keys = keys ?? [Root.PublicKey] }, files ?? Files(limits, token), new RegistryCache(Cache), Time, Notes.Add);

    /// <summary>What the registry says of the sample plugin.</summary>
    public Task<Outcome<Found<IndexFile>>> IndexAsync(RegistryClientLimits? limits = null) => Client(limits).IndexAsync(SamplePlugin.Id, CancellationToken.None);

    /// <summary>Downloads the sample package, the first time or again.</summary>
    public Task<Outcome<ReadOnlyMemory<byte>>> DownloadAsync(RegistryClientLimits? limits = null, Action<long>? progress = null, CancellationToken cancellationToken = default) =>
        Client(limits).DownloadAsync(IndexLine.Of(Demo, Now), Downloads, progress ?? (_ => { }), cancellationToken);

    /// <summary>The lie is refused and leaves nothing; the truth is taken afterwards.</summary>
    public async Task RefusesDownloadAsync(string expected)
    {
        Assert.Equal(expected, Refusal(await DownloadAsync()));
        Assert.Empty(Left);
        await DownloadsHonestlyAsync(DemoPath);
    }

    /// <summary>Sends bytes of the sample package, and then nothing more.</summary>
    public static async Task SendPartAsync(Exchange exchange, int from, int bytes)
    {
        var size = Demo.Bytes.Length;
        await exchange.SendHeadAsync(from == 0 ? ["200 OK", $"Content-Length: {size}"] : ["206 Partial Content", $"Content-Range: bytes {from}-{size - 1}/{size}"]);
        await exchange.SendBodyAsync(Demo.Bytes.Slice(from, bytes));
    }

    /// <summary>The next attempt is with an honest server: it gets the package and leaves nothing.</summary>
    public async Task DownloadsHonestlyAsync(string path)
    {
        Server.BeHonest(path);
        Assert.Equal(Demo.Bytes.ToArray(), Value(await DownloadAsync()).ToArray());
        Assert.Empty(Left);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var files in _opened) files.Dispose();
        await Server.DisposeAsync();
        _registry.Dispose();
        _home.Dispose();
        Root.Dispose();
        Author.Dispose();
    }
}
