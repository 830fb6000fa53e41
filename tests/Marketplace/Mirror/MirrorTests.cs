using System.Collections.Concurrent;
using System.Net;
using LazyOC.Marketplace.Mirror;
using LazyOC.Marketplace.Protocol;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Marketplace.Publishing;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Packages.Signing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using static LazyOC.Marketplace.Tests.MarketFixture;

namespace LazyOC.Marketplace.Tests.Mirror;

/// <summary>A registry that passes on the plugins of another: two real servers, one before the other.</summary>
[Trait(Nodes.Pair.Trait, Nodes.Pair.Both)]
public sealed class MirrorTests
{
    [Fact]
    public async Task Plugin_OfTheUpstream_IsInstalledWithTheMirrorsSignature_AndGoesOnWhenTheUpstreamIsDown()
    {
        var (upstream, requests) = await UpstreamAsync();
        var owner = await upstream.OwnerAsync();
        var package = await upstream.LiveAsync(owner, SamplePlugin.Package());
        await upstream.LiveAsync(owner, SamplePlugin.Package(version: "1.1.0"));
        await using var mirror = await MirrorAsync(upstream);

        // Strict trust in the mirror's key alone, and in the author's.
        await mirror.InstallAsync(SamplePlugin.Id, package.Manifest.Version);
        var asked = requests.Count;
        await mirror.InstallAsync(SamplePlugin.Id, package.Manifest.Version);
        Assert.Equal(asked, requests.Count);
        Assert.Equal(2, Value(await mirror.Registry().IndexAsync(SamplePlugin.Id, default)).Value!.Lines.Length);

        await upstream.DisposeAsync();
        mirror.Clock.Advance(TimeSpan.FromHours(1));
        await mirror.InstallAsync(SamplePlugin.Id, package.Manifest.Version);
        var unknown = await AskAsync(mirror, "v1/index/acme/other");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, unknown.Status);
        Assert.Contains("the upstream registry cannot be asked, and nothing of this is stored", unknown.Body, StringComparison.Ordinal);
        // The mirror never says that something is good for longer than the upstream did.
        mirror.Clock.Advance(MarketLimits.Default.DocumentValidity);
        var expired = await AskAsync(mirror, "v1/index/acme/demo");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, expired.Status);
        Assert.Contains("what it said before has expired", expired.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mirror_ThatIsFrozen_ServesWhatItHasAndAsksNobody()
    {
        var (upstream, requests) = await UpstreamAsync();
        await using var _ = upstream;
        var owner = await upstream.OwnerAsync();
        var package = await upstream.LiveAsync(owner, SamplePlugin.Package());
        var later = await upstream.LiveAsync(owner, SamplePlugin.Package(version: "1.1.0"));
        await upstream.LiveAsync(owner, SamplePlugin.Package("acme.other"));
        await using var mirror = await MirrorAsync(upstream);
        await mirror.InstallAsync(SamplePlugin.Id, package.Manifest.Version);

        await mirror.RunAsync(null, Scanners, options => options with { Upstream = OptionsOf(upstream) with { IsFrozen = true } });
        requests.Clear();

        // Far behind what the upstream has said is good: who freezes has decided to go by what there is.
        mirror.Clock.Advance(MarketLimits.Default.DocumentValidity * 3);
        await mirror.InstallAsync(SamplePlugin.Id, package.Manifest.Version);
        Assert.Equal("1.0.0", Assert.Single(Value(await mirror.Registry().IndexAsync(SamplePlugin.Id, default)).Value!.Lines).Version.ToString());
        Assert.Equal(HttpStatusCode.NotFound, (await AskAsync(mirror, $"v1/packages/{later.Digest}.lzp")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await AskAsync(mirror, "v1/index/acme/other")).Status);
        Assert.Empty(requests);
    }

    [Fact]
    public async Task Publisher_OfTheMirrorItself_IsNeverAskedForElsewhere()
    {
        var (upstream, requests) = await UpstreamAsync();
        await using var _ = upstream;
        // Somebody has taken the name there, with a version that every resolver would choose.
        var mallory = await upstream.OwnerAsync("corp", "mallory");
        await upstream.LiveAsync(mallory, SamplePlugin.Package("corp.tool", "99.0.0"));
        await upstream.LiveAsync(mallory, SamplePlugin.Package("corp.secret", "1.0.0"));
        await upstream.LiveAsync(await upstream.OwnerAsync(), SamplePlugin.Package());
        await using var mirror = await MirrorAsync(upstream);
        var owner = await mirror.OwnerAsync("corp");
        var tool = await mirror.LiveAsync(owner, SamplePlugin.Package("corp.tool", "1.0.0"));
        requests.Clear();

        Assert.Equal("1.0.0", Assert.Single(Value(await mirror.Registry().IndexAsync(PluginId.Parse("corp.tool"), default)).Value!.Lines).Version.ToString());
        await mirror.InstallAsync(PluginId.Parse("corp.tool"), tool.Manifest.Version);
        Assert.Equal(HttpStatusCode.NotFound, (await AskAsync(mirror, "v1/index/corp/secret")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await AskAsync(mirror, "v1/index/corp/none")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await AskAsync(mirror, $"v1/packages/{Digest.Of("none"u8)}.lzp")).Status);
        Assert.Empty(requests);

        // The control: another publisher is asked for.
        Value(await mirror.Registry().IndexAsync(SamplePlugin.Id, default));
        Assert.Contains("/v1/index/acme/demo", requests);
        // And its name cannot be taken here any more.
        Refusal(ProblemTypes.NameTaken, await owner.CreatePublisherAsync(new NewPublisher { Name = "acme" }, default));
    }

    [Fact]
    public async Task Rules_SayWhichPublishersPluginsAndVersionsArePassedOn()
    {
        var (upstream, requests) = await UpstreamAsync();
        await using var _ = upstream;
        var owner = await upstream.OwnerAsync();
        await upstream.LiveAsync(owner, SamplePlugin.Package());
        var denied = await upstream.LiveAsync(owner, SamplePlugin.Package(version: "1.5.0"));
        var next = await upstream.LiveAsync(owner, SamplePlugin.Package(version: "2.0.0"));
        var bad = await upstream.LiveAsync(owner, SamplePlugin.Package("acme.bad"));
        await using var mirror = await MirrorAsync(upstream, options => options with { Rules = new UpstreamRules([Rule("acme.demo@^1.0"), Rule("acme.bad")], [Rule("acme.bad"), Rule("acme.demo@1.5.0"), Rule("evil-*")]) });

        Assert.Equal("1.0.0", Assert.Single(Value(await mirror.Registry().IndexAsync(SamplePlugin.Id, default)).Value!.Lines).Version.ToString());
        requests.Clear();
        foreach (var digest in new[] { denied.Digest, next.Digest, bad.Digest }) Assert.Equal(HttpStatusCode.NotFound, (await AskAsync(mirror, $"v1/packages/{digest}.lzp")).Status);
        foreach (var path in new[] { "v1/index/acme/bad", "v1/index/other/demo", "v1/publishers/other.json", "v1/publishers/evil-corp.json" }) Assert.Equal(HttpStatusCode.NotFound, (await AskAsync(mirror, path)).Status);
        Assert.Empty(requests);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Acme")]
    [InlineData("acme.demo@not a range")]
    [InlineData("acme.demo@")]
    [InlineData("acme/demo")]
    public void Rule_ThatMeansNothing_IsRefused(string text) => Assert.False(UpstreamRule.Read(text).TryGet(out _, out _));

    [Fact]
    public async Task Withdrawals_OfTheUpstream_ComeThrough()
    {
        var (upstream, _) = await UpstreamAsync();
        await using var _u = upstream;
        var owner = await upstream.OwnerAsync();
        var killed = await upstream.LiveAsync(owner, SamplePlugin.Package());
        await upstream.LiveAsync(owner, SamplePlugin.Package(version: "1.1.0"));
        await using var mirror = await MirrorAsync(upstream);
        await mirror.InstallAsync(SamplePlugin.Id, killed.Manifest.Version);
        var moderator = await upstream.ModeratorAsync();

        Value(await moderator.KillAsync(SamplePlugin.Id, killed.Manifest.Version, new Reason { Text = "it steals tokens" }, default));
        Value(await owner.YankAsync(SamplePlugin.Id, LazyOC.Plugins.Contracts.Versions.SemanticVersion.Parse("1.1.0"), new Reason { Text = "broken" }, default));
        Value(await owner.RevokeKeyAsync("acme", upstream.Author.PublicKey.Id, new Reason { Text = "stolen" }, default));
        mirror.Clock.Advance(MarketLimits.Default.UpstreamCheckInterval * 2);

        var lines = Value(await mirror.Registry().IndexAsync(SamplePlugin.Id, default)).Value!.Lines;
        Assert.Equal(["it steals tokens", null], lines.Select(line => line.Kill));
        Assert.Equal([null, "broken"], lines.Select(line => line.Yanked));
        Assert.Equal("stolen", Assert.Single(Value(await mirror.Registry().PublisherAsync("acme", default)).Keys.Revocations).Reason);
        Assert.Equal(HttpStatusCode.Gone, (await AskAsync(mirror, $"v1/packages/{killed.Digest}.lzp")).Status);
        // In a mirror that is frozen it is still told of.
        await mirror.RunAsync(null, Scanners, options => options with { Upstream = OptionsOf(upstream) with { IsFrozen = true } });
        Assert.Equal("it steals tokens", Assert.Single(Value(await mirror.Registry(home: "other").IndexAsync(SamplePlugin.Id, default)).Value!.Lines).Kill);
    }

    [Fact]
    public async Task Upstream_WithAnotherKeyThanTheOneThatWasNamed_IsNotBelieved()
    {
        var (upstream, _) = await UpstreamAsync();
        await using var _u = upstream;
        await upstream.LiveAsync(await upstream.OwnerAsync(), SamplePlugin.Package());
        using var other = SigningKey.Create();
        await using var mirror = await MirrorAsync(upstream, options => options with { Fingerprints = [other.PublicKey.Id.Fingerprint] });

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await AskAsync(mirror, "v1/index/acme/demo")).Status);
    }

    [Fact]
    public async Task Package_ThatIsNotTheOneInTheIndex_IsNotServedAndNotStored()
    {
        var (upstream, _) = await UpstreamAsync();
        await using var _u = upstream;
        var package = await upstream.LiveAsync(await upstream.OwnerAsync(), SamplePlugin.Package());
        await using var mirror = await MirrorAsync(upstream);
        Value(await mirror.Registry().IndexAsync(SamplePlugin.Id, default));
        var forged = package.Bytes.ToArray();
        forged[^1] ^= 1;
        await ReplaceAsync(forged);

        foreach (var path in new[] { $"v1/packages/{package.Digest}.lzp", $"v1/packages/{package.Digest}.lzp.dsse.json" }) Assert.Equal(HttpStatusCode.ServiceUnavailable, (await AskAsync(mirror, path)).Status);
        Assert.Empty(await mirror.StoredAsync());

        await ReplaceAsync(package.Bytes);
        await mirror.InstallAsync(SamplePlugin.Id, package.Manifest.Version);

        async Task ReplaceAsync(ReadOnlyMemory<byte> bytes)
        {
            await upstream.Packages.RemoveAsync($"{package.Digest}.lzp", default);
            await using var incoming = upstream.Packages.Begin();
            await incoming.AppendAsync(bytes, default);
            await incoming.EndAsync();
            await upstream.Packages.KeepAsync(incoming, package.Digest, default);
        }
    }

    [Fact]
    public async Task Package_ThatManyAskForAtOnce_IsFetchedOnce()
    {
        var (upstream, requests) = await UpstreamAsync();
        await using var _ = upstream;
        var package = await upstream.LiveAsync(await upstream.OwnerAsync(), SamplePlugin.Package());
        await using var mirror = await MirrorAsync(upstream);
        Value(await mirror.Registry().IndexAsync(SamplePlugin.Id, default));

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => AskAsync(mirror, $"v1/packages/{package.Digest}.lzp")));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
        Assert.Single(requests, path => path.EndsWith(".lzp", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false, HttpStatusCode.ServiceUnavailable, 0)]
    // The control: in a network that was named, it is followed.
    [InlineData(true, HttpStatusCode.ServiceUnavailable, 1)]
    public async Task Redirect_IntoANetworkThatWasNotNamed_IsNotFollowed(bool isNamed, HttpStatusCode expected, int reached)
    {
        var inside = new ConcurrentQueue<string>();
        await using var victim = await ServeAsync(context =>
        {
            inside.Enqueue(context.Request.Path);
            return context.Response.WriteAsync("secret");
        });
        using var key = SigningKey.Create();
        await using var upstream = await ServeAsync(context =>
        {
            if (context.Request.Path.Value!.EndsWith("config.json", StringComparison.Ordinal)) return context.Response.Body.WriteAsync(ConfigOf(key)).AsTask();
            context.Response.Redirect($"{victim.Urls.First()}/latest/meta-data");
            return Task.CompletedTask;
        });
        await using var mirror = await MarketFixture.StartAsync(null, [], change: options => options with
        {
            Upstream = new UpstreamOptions { Url = new Uri(upstream.Urls.First()), Fingerprints = [key.PublicKey.Id.Fingerprint], Networks = isNamed ? [IPNetwork.Parse("127.0.0.0/8")] : [] },
        });

        var answer = await AskAsync(mirror, "v1/index/acme/demo");

        Assert.Equal((expected, reached), (answer.Status, inside.Count));
        // Whoever asks learns nothing of what is inside.
        Assert.DoesNotContain("127.0.0.1", answer.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Redirects_WithoutEnd_AreFollowedAFewTimes()
    {
        var hops = 0;
        using var key = SigningKey.Create();
        await using var upstream = await ServeAsync(context =>
        {
            if (context.Request.Path.Value!.EndsWith("config.json", StringComparison.Ordinal)) return context.Response.Body.WriteAsync(ConfigOf(key)).AsTask();
            Interlocked.Increment(ref hops);
            context.Response.Redirect(context.Request.Path);
            return Task.CompletedTask;
        });
        await using var mirror = await MarketFixture.StartAsync(null, [], change: options => options with { Upstream = new UpstreamOptions { Url = new Uri(upstream.Urls.First()), Fingerprints = [key.PublicKey.Id.Fingerprint] } });

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await AskAsync(mirror, "v1/index/acme/demo")).Status);
        Assert.Equal(MarketLimits.Default.UpstreamRedirects + 1, hops);
    }

    [Theory]
    [InlineData("169.254.169.254", false)]
    [InlineData("::ffff:169.254.169.254", false)]
    [InlineData("10.1.2.3", true)]
    [InlineData("::ffff:10.1.2.3", true)]
    [InlineData("192.168.0.1", false)]
    [InlineData("::1", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("64:ff9b::7f00:1", false)]
    [InlineData("1.1.1.1", true)]
    public void Address_IsOnTheInternetOrInANetworkThatWasNamed(string address, bool expected) =>
        Assert.Equal(expected, new UpstreamConnections(new Uri("https://upstream.example"), [IPNetwork.Parse("10.0.0.0/8")]).IsAllowed(IPAddress.Parse(address)));

    private static RequiredScanners Scanners { get; } = new([TestScanner.Passing], _ => PackageLooks.None);

    private static byte[] ConfigOf(SigningKey key) => new RegistryConfig { ConfigVersion = RegistryConfig.CurrentVersion, Name = "upstream", Packages = RegistryPaths.Packages, Keys = [key.PublicKey], Threshold = 1, Features = [] }.ToUtf8();

    private static UpstreamRule Rule(string text) => Value(UpstreamRule.Read(text));

    private static UpstreamOptions OptionsOf(MarketFixture upstream) => new() { Url = upstream.Url, Fingerprints = [upstream.Server.Key.Id.Fingerprint] };

    private static Task<MarketFixture> MirrorAsync(MarketFixture upstream, Func<UpstreamOptions, UpstreamOptions>? change = null) =>
        MarketFixture.StartAsync(null, [], change: options => options with { Upstream = change?.Invoke(OptionsOf(upstream)) ?? OptionsOf(upstream) });

    /// <summary>A registry that writes down what it is asked for.</summary>
    private static async Task<(MarketFixture Upstream, ConcurrentQueue<string> Requests)> UpstreamAsync()
    {
        var requests = new ConcurrentQueue<string>();
        return (await MarketFixture.StartAsync(null, [], prepare: builder => builder.Services.AddSingleton<IStartupFilter>(new Recorder(requests))), requests);
    }

    private static async Task<WebApplication> ServeAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Run(answer);
        await app.StartAsync();
        return app;
    }

    private static async Task<(HttpStatusCode Status, string Body)> AskAsync(MarketFixture market, string path)
    {
        using var response = await market.Http.GetAsync(new Uri(market.Url, path));
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    private sealed class Recorder(ConcurrentQueue<string> requests) : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use(async (context, rest) =>
            {
                requests.Enqueue(context.Request.Path);
                await rest(context);
            });
            next(app);
        };
    }
}
