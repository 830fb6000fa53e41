using System.Collections.Immutable;
using System.Net.Http.Headers;
using System.Threading.Channels;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Marketplace.Protocol.Client;
using LazyOC.Marketplace.Publishing;
using LazyOC.Marketplace.Scanning;
using LazyOC.Marketplace.Storage;
using LazyOC.Marketplace.Tests.Nodes;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Versions;
using LazyOC.Plugins.Packages;
using LazyOC.Plugins.Packages.Signing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using Submission = LazyOC.Marketplace.Protocol.Api.Submission;

namespace LazyOC.Marketplace.Tests;

/// <summary>A real server on a port of this machine, over a folder that goes away, and those who use it.</summary>
internal sealed class MarketFixture : IAsyncDisposable
{
    public const string Password = "correct horse battery";

    /// <summary>How long an answer is waited for, so that a machine that is busy fails no test.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    public static readonly ProductInfoHeaderValue UserAgent = new("lazyoc", "1.0.0");

    private readonly TemporaryDirectory _own = new();
    private readonly List<IDisposable> _opened = [];
    private readonly Channel<string> _decided = Channel.CreateUnbounded<string>();
    private MarketServer? _server;
    private bool _isPrivate;

    public MarketServer Server => _server ?? throw new InvalidOperationException("the server is not started");

    public TestClock Clock { get; } = new();

    public SigningKey Author { get; } = SigningKey.Create();

    public HttpClient Http { get; } = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = Patience };

    public string Data { get; private init; } = "";

    /// <summary>How the server is set up.</summary>
    public MarketOptions Options { get; private set; } = null!;

    public PackageStorage Packages => (PackageStorage)Server.Services.GetService(typeof(PackageStorage))!;

    public Uri Url => Server.Url;

    public static void Quiet(WebApplicationBuilder builder)
    {
        builder.Logging.ClearProviders();
        if (Environment.GetEnvironmentVariable("LAZYOC_TEST_LOG") is { } path) builder.Logging.AddProvider(new FileLog(path));
    }

    public static Task<MarketFixture> StartAsync(params ImmutableArray<IScanner> scanners) => StartAsync(null, scanners);

    /// <param name="limits">The server's; the default when null.</param>
    /// <param name="scanners">What every version has to pass; one that passes everything when there are none.</param>
    /// <param name="data">The folder; one that goes away when null.</param>
    /// <param name="change">Changes how the server is set up.</param>
    /// <param name="prepare">Given the server's builder.</param>
    public static async Task<MarketFixture> StartAsync(MarketLimits? limits, ImmutableArray<IScanner> scanners, string? data = null, Func<MarketOptions, MarketOptions>? change = null, Action<WebApplicationBuilder>? prepare = null)
    {
        var fixture = new MarketFixture(data);
        await fixture.RunAsync(limits, new RequiredScanners(scanners.IsDefaultOrEmpty ? [TestScanner.Passing] : scanners, _ => PackageLooks.None), change, prepare);
        return fixture;
    }

    private MarketFixture(string? data) => Data = data ?? Path.Combine(_own.Path, "data");

    public async Task RunAsync(MarketLimits? limits, RequiredScanners scanners, Func<MarketOptions, MarketOptions>? change = null, Action<WebApplicationBuilder>? prepare = null)
    {
        if (_server is not null) await _server.DisposeAsync();
        var options = await Pair.OfAsync(Data) with
        {
            AtStep = step =>
            {
                if (step == PublishSteps.Decided) _decided.Writer.TryWrite(step);
            },
        };
        Options = options = change?.Invoke(options) ?? options;
        _isPrivate = options.IsPrivate;
        Assert.True((await MarketServer.StartAsync(options, scanners, limits, Clock, builder =>
        {
            Quiet(builder);
            prepare?.Invoke(builder);
        })).TryGet(out _server, out var problems), Problem.Join(problems));
    }

    /// <summary>A client with a token; with none, anybody.</summary>
    public MarketClient Client(string? token = null, Uri? url = null)
    {
        var client = new MarketClient(new Uri(url ?? Url, "v1/api"), token, UserAgent, new MarketClientLimits { AnswerTimeout = Patience, UploadTimeout = Patience });
        _opened.Add(client);
        return client;
    }

    /// <summary>Somebody who has registered and is signed in.</summary>
    public async Task<MarketClient> RegisterAsync(string name, Uri? url = null)
    {
        if (_isPrivate) Assert.True((await ((Marketplace.Accounts.AccountStore)Server.Services.GetService(typeof(Marketplace.Accounts.AccountStore))!).RegisterAsync(new Credentials { Name = name, Password = Password }, default)).TryGet(out _, out _));
        return _isPrivate ? Client(Value(await Client().SignInAsync(new Credentials { Name = name, Password = Password }, default)).Token) : Client(Value(await Client(url: url).RegisterAsync(new Credentials { Name = name, Password = Password }, default)).Token, url);
    }

    /// <summary>The owner of the publisher <c>acme</c>, whose key is <see cref="Author"/>.</summary>
    public async Task<MarketClient> OwnerAsync(string publisher = "acme", string account = "alice", Uri? url = null)
    {
        var owner = await RegisterAsync(account, url);
        Value(await owner.CreatePublisherAsync(new NewPublisher { Name = publisher }, default));
        Value(await owner.AddKeyAsync(publisher, new NewAuthorKey { Key = Author.PublicKey }, default));
        return owner;
    }

    /// <summary>Somebody who may moderate.</summary>
    public async Task<MarketClient> ModeratorAsync(string name = "mona")
    {
        var moderator = await RegisterAsync(name);
        Assert.True(await ((Marketplace.Accounts.AccountStore)Server.Services.GetService(typeof(Marketplace.Accounts.AccountStore))!).SetRoleAsync(name, SiteRole.Moderator, default));
        return moderator;
    }

    public byte[] Sign(PluginPackage package, SigningKey? author = null) =>
        PackageSignatures.Write([new PackageAttestation(PackageIdentity.Of(package), new BuildFacts { Builder = "test", Signed = Clock.GetUtcNow() }).Sign(author ?? Author)]);

    public Task<ApiResult<Submission>> PublishAsync(MarketClient client, PluginPackage package, SigningKey? author = null) =>
        client.PublishAsync(package.Manifest.Id, package.Manifest.Version, package.Bytes, Sign(package, author), default);

    /// <summary>Publishes, and waits until it is decided what becomes of it.</summary>
    public async Task<Submission> SettleAsync(MarketClient client, PluginPackage package)
    {
        Value(await PublishAsync(client, package));
        await DecidedAsync();
        return Value(await client.SubmissionAsync(package.Manifest.Id, package.Manifest.Version, default));
    }

    /// <summary>Publishes what has to go live.</summary>
    public async Task<PluginPackage> LiveAsync(MarketClient client, PluginPackage package)
    {
        Assert.Equal(VersionState.Live, (await SettleAsync(client, package)).State);
        return package;
    }

    /// <summary>The names of all packages in the storage.</summary>
    public async Task<IReadOnlyList<string>> StoredAsync()
    {
        var names = new List<string>();
        await foreach (var batch in Packages.ListAsync(100, default)) names.AddRange(batch.Select(package => package.Name));
        return names;
    }

    /// <summary>Puts other bytes in the place of a package, as a disk that fails may.</summary>
    public async Task DamageAsync(Digest digest)
    {
        await Packages.RemoveAsync($"{digest}.lzp", default);
        await using var file = Packages.Begin();
        await file.AppendAsync(new byte[] { 1, 2, 3 }, default);
        await file.EndAsync();
        await Packages.KeepAsync(file, digest, default);
    }

    /// <summary>Waits until one more version is decided about.</summary>
    public async Task DecidedAsync() => await _decided.Reader.ReadAsync();

    /// <summary>A user of <c>lazyoc</c> in a home of his own, who trusts the registry's key.</summary>
    public RegistryClient Registry(string? token = null, string home = "home")
    {
        var files = new HttpRegistryFiles(Url, token, new RegistryClientLimits { Attempts = 1, AnswerTimeout = Patience, RateWindow = Patience }, Clock, UserAgent);
        _opened.Add(files);
        return new RegistryClient(new RegistryEntry { Name = "market", Url = Url, Keys = [Server.Key] }, files, new RegistryCache(Path.Combine(_own.Path, home)), Clock, _ => { });
    }

    /// <summary>Installs as far as the package and the trust in it.</summary>
    public async Task<PluginPackage> InstallAsync(PluginId id, SemanticVersion version, string? token = null)
    {
        var registry = Registry(token, home: Guid.NewGuid().ToString("N"));
        var line = Value(await registry.IndexAsync(id, default)).Value!.Lines.Single(line => line.Version == version);
        var bytes = Value(await registry.DownloadAsync(line, Path.Combine(_own.Path, "downloads"), _ => { }, default));
        Assert.True(PluginPackage.Open(bytes).TryGet(out var package, out var problems), Problem.Join(problems));
        Assert.Null(line.Difference(package));
        var decision = TrustPolicy.Decide(TrustMode.Strict, new TrustRequest
        {
            Package = PackageIdentity.Of(package),
            Envelopes = Value(await registry.SignaturesAsync(package.Digest, default)),
            Registry = registry.Registry.Roots,
            Publisher = Value(await registry.PublisherAsync(id.Publisher, default)).Keys,
            Pins = Pins.None,
        });
        Assert.IsType<TrustDecision.Trusted>(decision);
        return package;
    }

    public static T Value<T>(ApiResult<T> result)
        where T : class
    {
        Assert.True(result.TryGet(out var value, out var problem), $"{problem?.Type}: {problem?.Detail}");
        return value;
    }

    /// <summary>The refusal, whose kind is expected.</summary>
    public static ApiProblem Refusal<T>(string kind, ApiResult<T> result)
        where T : class
    {
        Assert.False(result.TryGet(out _, out var problem));
        Assert.Equal(kind, problem.Kind);
        return problem;
    }

    public static T Value<T>(Outcome<T> outcome)
    {
        Assert.True(outcome.TryGet(out var value, out var problems), Problem.Join(problems));
        return value;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var opened in _opened) opened.Dispose();
        Http.Dispose();
        if (_server is not null) await _server.DisposeAsync();
        if (Data.StartsWith(_own.Path, StringComparison.Ordinal)) await Pair.ForgetAsync(Data);
        Author.Dispose();
        _own.Dispose();
    }
}
