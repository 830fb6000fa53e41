using System.Diagnostics;
using System.Net.Http.Headers;
using LazyOC.Cli.Tests.Markets;
using LazyOC.EndToEnd.Tests;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Versions;
using LazyOC.Plugins.Packages;
using LazyOC.Plugins.Packages.Signing;

namespace LazyOC.Marketplace.Browser.Tests;

/// <summary>
/// A marketplace that is lived in, as users run it: the demo's plugins, a publisher with a plugin of four versions (narrow,
/// wider, held, rejected), reviews of it with a reply, a report and one that is hidden, and an account of every kind.
/// </summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "xunit ends it by DisposeAsync")]
public sealed class SiteFixture : IAsyncLifetime
{
    public const string Password = "correct horse battery";
    public const string Plugin = "acme.quota-lens";

    public static readonly SemanticVersion First = SemanticVersion.Parse("1.0.0");
    public static readonly SemanticVersion Wider = SemanticVersion.Parse("1.1.0");

    private const string Readme = """
        # Quota lens

        Shows how much of each **ResourceQuota** is used, and who uses most of it. See [the docs](https://example.com/docs).

        ![Two namespaces, one of which has used most of its quota](screens/quotas.svg)

        ## What you see

        | column | from | meaning |
        |---|---|---|
        | `USED` | `.status.used["requests.cpu"]` | what all pods of the namespace have asked for, in cores |
        | `LEFT` | `.status.hard["requests.cpu"]` | what is left |

        ```yaml
        apiVersion: v1
        kind: ResourceQuota
        metadata: { name: a-name-that-is-rather-long-so-that-this-line-does-not-fit-on-a-phone, namespace: bookstore }
        ```

        1. Install it.
        2. Open a namespace.

        > It reads; it changes nothing.

        - [x] quotas
        - [ ] limit ranges
        """;

    /// <summary>A picture that would do something, were it let.</summary>
    public const string Picture = """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 560 120" width="560" height="120" font-family="monospace" font-size="14">
          <rect width="560" height="120" rx="8" fill="#15191e"/>
          <g fill="#d8dee6"><text x="20" y="32">NAMESPACE</text><text x="180" y="32">CPU</text><text x="20" y="64">bookstore</text><text x="20" y="94">payments</text></g>
          <rect x="180" y="52" width="330" height="14" fill="#d9534f"/><rect x="180" y="82" width="90" height="14" fill="#4caf7a"/>
          <script>document.documentElement.setAttribute("data-ran", "yes");</script>
        </svg>
        """;

    private const string Reads = """ {"kubernetes":[{"apiGroups":[""],"resources":["resourcequotas"],"verbs":["list"]}]} """;
    private const string ReadsMore = """ {"kubernetes":[{"apiGroups":[""],"resources":["resourcequotas","pods"],"verbs":["list"]}],"network":{"connect":[{"origin":"https://prices.example.com"}]}} """;
    private const string Asks = """await lazyoc.call("kubernetes.list", { resource: "resourcequotas" });""";

    private static readonly ProductInfoHeaderValue Program = new("lazyoc", "1.0.0");

    private readonly LazyOc _home = new();
    private readonly SigningKey _key = SigningKey.Create();
    private readonly Dictionary<string, string> _sessions = new(StringComparer.Ordinal);
    private MarketServerProcess? _server;
    private Chromium? _chromium;

    public Uri Url => new(_server!.Address);

    internal Chromium Chromium => _chromium!;

    public async Task InitializeAsync()
    {
        if (Chromium.WhyNot is not null) return;
        _chromium = await Chromium.StartAsync();
        _server = await MarketServerProcess.StartAsync(_home, "--seed-demo", "--no-cooldown");
        using var author = await RegisterAsync("anna");
        await PublishAsync(author);
        await ReviewAsync(author);
        foreach (var account in new[] { "newcomer", "root-anna" })
            using (await RegisterAsync(account)) { }
        await SiteKeeper.GiveRoleAsync(_home, "root-anna", "admin");
        foreach (var account in new[] { "anna", "bert", "mona", "newcomer", "root-anna" }) _sessions[account] = await SignInAsync(account);
    }

    /// <summary>Somebody with an account, signed in; with none, a stranger.</summary>
    internal Task<Visitor> VisitAsync(Look look, string? account = null, bool hasScript = true) =>
        Chromium.VisitAsync(Url, look, account is null ? null : _sessions[account], hasScript);

    public async Task DisposeAsync()
    {
        if (_chromium is not null) await _chromium.DisposeAsync();
        if (_server is not null) await _server.DisposeAsync();
        _key.Dispose();
        _home.Dispose();
    }

    private MarketClient Client(string? token) =>
        new(new Uri(Url, "v1/api"), token, Program, new MarketClientLimits { AnswerTimeout = Visitor.Patience, UploadTimeout = Visitor.Patience });

    private async Task<MarketClient> RegisterAsync(string name)
    {
        using var stranger = Client(null);
        return Client(Value(await stranger.RegisterAsync(new Credentials { Name = name, Password = Password }, default)).Token);
    }

    /// <summary>By the page, as everybody does; the cookies that the browser then has.</summary>
    private async Task<string> SignInAsync(string name)
    {
        await using var visitor = await VisitAsync(Look.Desktop);
        await visitor.GoAsync("sign-in");
        await visitor.TypeAsync("Name", name);
        await visitor.TypeAsync("Password", Password);
        await visitor.FollowAsync(() => visitor.Page.Keyboard.PressAsync("Enter"));
        return await visitor.SessionAsync();
    }

    private async Task PublishAsync(MarketClient author)
    {
        Value(await author.CreatePublisherAsync(new NewPublisher { Name = "acme", DisplayName = "Acme Corp" }, default));
        Value(await author.AddKeyAsync("acme", new NewAuthorKey { Key = _key.PublicKey, Comment = "build" }, default));
        Value(await author.CreateTokenAsync(new NewToken { Name = "build", Scopes = [TokenScope.Publish], Plugins = "acme.*", Days = 30, Networks = ["127.0.0.0/8"] }, default));
        await PublishAsync(author, VersionState.Live, First, Reads, Asks);
        const string AsksMore = $$"""{{Asks}} await lazyoc.call("kubernetes.list", { resource: "pods" }); await lazyoc.call("http.fetch", { url: "https://prices.example.com/v1" }).catch(() => null);""";
        await PublishAsync(author, VersionState.Live, Wider, ReadsMore, AsksMore);
        await PublishAsync(author, VersionState.Held, SemanticVersion.Parse("1.2.0"), Reads, $"""{Asks} eval("1 + 1");""");
        await PublishAsync(author, VersionState.Rejected, SemanticVersion.Parse("1.3.0"), Reads, $$"""{{Asks}} await lazyoc.call("http.fetch", { url: "https://evil.example/" });""");
    }

    private async Task PublishAsync(MarketClient author, VersionState expected, SemanticVersion version, string permissions, string calls)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(Path.Combine(folder.Path, "plugin.json"), $$"""
            {"manifestVersion":1,"id":"{{Plugin}}","version":"{{version}}","displayName":"Quota lens","description":"How much of each quota is used, and who uses most of it.",
             "license":"Apache-2.0","categories":["cost"],"keywords":["quota","cost"],"repository":"https://example.com/acme/quota-lens","engines":{"lazyoc":"^1.0"},"main":"plugin.js","activation":["onStartup"],
             "permissions":{{permissions}},"permissionReasons":{"kubernetes":"reads quotas","network":"asks what a core costs"} }
            """);
        File.WriteAllText(Path.Combine(folder.Path, "plugin.js"), $$"""lazyoc.on("activate", async () => { {{calls}} });""");
        File.WriteAllText(Path.Combine(folder.Path, "README.md"), Readme);
        Directory.CreateDirectory(Path.Combine(folder.Path, "screens"));
        File.WriteAllText(Path.Combine(folder.Path, "screens", "quotas.svg"), Picture);
        File.WriteAllText(Path.Combine(folder.Path, "CHANGELOG.md"), "# Changelog\n\n## 1.1.0\n\nShows prices.\n");
        Assert.True(PackageSource.Pack(folder.Path).TryGet(out var packed, out var problems), Problem.Join(problems));
        var package = packed.Package;
        var signed = new PackageAttestation(PackageIdentity.Of(package), new BuildFacts { Builder = "test", Signed = DateTimeOffset.UtcNow }).Sign(_key);
        Value(await author.PublishAsync(package.Manifest.Id, version, package.Bytes, PackageSignatures.Write([signed]), default));
        var started = Stopwatch.GetTimestamp();
        Submission submission;
        while ((submission = Value(await author.SubmissionAsync(package.Manifest.Id, version, default))).State is VersionState.Accepted or VersionState.Scanning)
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < Visitor.Patience, $"{version} is still {submission.State}");
            await Task.Delay(1000);
        }
        Assert.True(submission.State == expected, $"{version}: {submission.State}\n{string.Join('\n', submission.Reasons)}");
    }

    /// <summary>One review that is answered and reported, and one that is hidden.</summary>
    private async Task ReviewAsync(MarketClient author)
    {
        var id = PluginId.Parse(Plugin);
        using var moderator = await RegisterAsync("mona");
        await SiteKeeper.GiveRoleAsync(_home, "mona", "moderator");
        var review = await ReviewAsync("bert", new NewReview { Stars = 4, Text = "Found a namespace that had asked for twice what it used.\n\nA column for memory would be good." });
        Value(await author.ReplyAsync(review.Id, new NewReply { Text = "It is in the next version." }, default));
        var loud = await ReviewAsync("carl", new NewReview { Stars = 1, Text = "BUY CHEAP QUOTA" });
        Value(await moderator.ReportReviewAsync(review.Id, new Reason { Text = "names a namespace of ours" }, default));
        Value(await moderator.HideReviewAsync(loud.Id, new Reason { Text = "is an advertisement" }, default));

        async Task<Review> ReviewAsync(string name, NewReview written)
        {
            using var http = new HttpClient();
            using var stranger = Client(null);
            var session = Value(await stranger.RegisterAsync(new Credentials { Name = name, Password = Password }, default));
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", session.Token);
            var digest = Value(await author.PluginAsync(id, default)).Versions.Single(version => version.Version == Wider.ToString()).Digest;
            (await http.GetAsync(new Uri(Url, $"v1/packages/{digest}.lzp"))).EnsureSuccessStatusCode();
            using var reader = Client(session.Token);
            return Value(await reader.ReviewAsync(id, written, default));
        }
    }

    private static T Value<T>(ApiResult<T> result)
        where T : class
    {
        Assert.True(result.TryGet(out var value, out var problem), $"{problem?.Type}: {problem?.Detail} {string.Join("; ", problem?.Problems?.Select(one => one.Message) ?? [])}");
        return value;
    }

    private sealed class TemporaryFolder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("lazyoc-browser-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}

/// <summary>The tests that look at one marketplace: one after another, as the browser has but two cores.</summary>
[CollectionDefinition(Name)]
public sealed class SiteTests : ICollectionFixture<SiteFixture>
{
    public const string Name = "site";
}

/// <summary>What who keeps a marketplace does on its machine.</summary>
internal static class SiteKeeper
{
    /// <param name="home">Where the marketplace's records are, as <see cref="MarketServerProcess"/> has them.</param>
    /// <param name="account">Who gets a role.</param>
    /// <param name="role">Which.</param>
    public static async Task GiveRoleAsync(LazyOc home, string account, string role)
    {
        var program = Path.Combine(Path.GetDirectoryName(LazyOc.Program)!, "market", "lazyoc-market.dll");
        var run = await home.RunAsync("dotnet", ["exec", program, "role", account, role, "--data", home.PathOf("market-data")]);
        Assert.True(run.ExitCode == 0, run.Error);
    }
}
