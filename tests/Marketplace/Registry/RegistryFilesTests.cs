using System.Net;
using System.Net.Http.Headers;
using LazyOC.Marketplace.Protocol;
using LazyOC.Marketplace.Registry;
using LazyOC.Plugins.Packages.Signing;
using Microsoft.Extensions.DependencyInjection;
using static LazyOC.Marketplace.Tests.MarketFixture;

namespace LazyOC.Marketplace.Tests.Registry;

/// <summary>The files of the registry as they go over the wire.</summary>
[Trait(Nodes.Pair.Trait, Nodes.Pair.Both)]
public sealed class RegistryFilesTests
{
    [Fact]
    public async Task Config_NamesTheKeyAndTheApi()
    {
        await using var market = await MarketFixture.StartAsync();

        using var response = await market.Http.GetAsync(new Uri(market.Url, "v1/config.json"));

        var config = Value(RegistryConfig.Read(await response.Content.ReadAsByteArrayAsync()));
        Assert.Equal(market.Server.Key, Assert.Single(config.Keys));
        Assert.Equal("v1/api", config.ApiRoot);
        Assert.Equal("public, max-age=600", response.Headers.CacheControl?.ToString());
    }

    [Theory]
    [InlineData("v1/index/acme/demo", "public, max-age=60")]
    [InlineData("v1/publishers/acme.json", "public, max-age=60")]
    public async Task Document_AskedForWithItsTag_IsNotSentAgain_UntilItChanges(string path, string caching)
    {
        await using var market = await MarketFixture.StartAsync();
        var owner = await market.OwnerAsync();
        await market.LiveAsync(owner, SamplePlugin.Package());
        using var first = await market.Http.GetAsync(new Uri(market.Url, path));
        Assert.Equal(caching, first.Headers.CacheControl?.ToString());

        using var second = await AskAsync(market, path, first.Headers.ETag!);
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
        Assert.Empty(await second.Content.ReadAsByteArrayAsync());

        if (path.Contains("index", StringComparison.Ordinal)) await market.LiveAsync(owner, SamplePlugin.Package(version: "1.1.0"));
        else Value(await owner.RevokeKeyAsync("acme", market.Author.PublicKey.Id, new Protocol.Api.Reason { Text = "lost" }, default));
        using var third = await AskAsync(market, path, first.Headers.ETag!);
        Assert.Equal(HttpStatusCode.OK, third.StatusCode);
    }

    [Fact]
    public async Task Package_IsImmutableAndComesInParts()
    {
        await using var market = await MarketFixture.StartAsync();
        var package = await market.LiveAsync(await market.OwnerAsync(), SamplePlugin.Package());
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(market.Url, $"v1/packages/{package.Digest}.lzp"));
        request.Headers.Range = new RangeHeaderValue(10, 19);

        using var part = await market.Http.SendAsync(request);
        using var whole = await market.Http.GetAsync(request.RequestUri);

        Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
        Assert.Equal(package.Bytes[10..20].ToArray(), await part.Content.ReadAsByteArrayAsync());
        Assert.Equal("public, max-age=31536000, immutable", whole.Headers.CacheControl?.ToString());
        Assert.Equal(package.Bytes.ToArray(), await whole.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("v1/packages/..%2f..%2fregistry-key.pem")]
    [InlineData("v1/packages/sha256-0000.lzp")]
    [InlineData("v1/packages/%2e%2e/market.db")]
    [InlineData("v1/index/acme/..%2f..%2fpublishers")]
    [InlineData("v1/publishers/..%2fconfig.json")]
    [InlineData("v1/publishers/' OR '1'='1.json")]
    [InlineData("registry-key.pem")]
    [InlineData("v1/nothing")]
    public async Task File_ThatIsNotOfTheRegistry_IsNotFound(string path)
    {
        await using var market = await MarketFixture.StartAsync();
        await market.LiveAsync(await market.OwnerAsync(), SamplePlugin.Package());

        using var response = await market.Http.GetAsync(new Uri(market.Url, path));

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        // What is not below `v1` is the web site's, whose problems are pages.
        Assert.Equal(path.StartsWith("v1/", StringComparison.Ordinal) ? Protocol.Api.ApiProblem.MediaType : "text/html", response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Documents_AreSignedAnewBeforeTheyExpire()
    {
        await using var market = await MarketFixture.StartAsync();
        await market.LiveAsync(await market.OwnerAsync(), SamplePlugin.Package());
        var before = Value(await market.Registry().IndexAsync(SamplePlugin.Id, default)).Value!.Header;
        var renewal = market.Server.Services.GetRequiredService<Renewal>();
        Assert.Equal(0, await renewal.RenewAsync(default));

        market.Clock.Advance(MarketLimits.Default.DocumentValidity * 0.6);
        Assert.Equal(2, await renewal.RenewAsync(default));

        market.Clock.Advance(MarketLimits.Default.DocumentValidity * 0.6);
        // What was signed first has expired by now.
        Assert.True(before.Expires < market.Clock.GetUtcNow());
        var after = Value(await market.Registry().IndexAsync(SamplePlugin.Id, default)).Value!.Header;
        Assert.Equal(before.Sequence + 1, after.Sequence);
        Value(await market.Registry().PublisherAsync("acme", default));
    }

    [Fact]
    public async Task Admission_IsSignedByTheRegistry_OverThePackageAndItsVerdict()
    {
        await using var market = await MarketFixture.StartAsync();
        var package = await market.LiveAsync(await market.OwnerAsync(), SamplePlugin.Package());

        var envelopes = Value(await market.Registry().SignaturesAsync(package.Digest, default));

        var admission = envelopes.Select(envelope => envelope.Verify(PackageAttestation.PayloadType, KeySet.Of(market.Server.Key)).TryGet(out var payload, out _) ? Value(AdmissionAttestation.Read(payload)) : null).OfType<AdmissionAttestation>().Single();
        Assert.True(admission.IsAbout(PackageIdentity.Of(package)));
        Assert.Equal(Value(await market.Registry().IndexAsync(SamplePlugin.Id, default)).Value!.Lines.Single().VerdictDigest, admission.Verdict);
    }

    [Fact]
    public async Task Registry_ThatIsPrivate_IsReadWithATokenOnly()
    {
        await using var market = await MarketFixture.StartAsync(null, [], change: options => options with { IsPrivate = true });
        var owner = await market.OwnerAsync();
        var package = await market.LiveAsync(owner, SamplePlugin.Package());
        Refusal(Protocol.Api.ProblemTypes.Forbidden, await market.Client().RegisterAsync(new Protocol.Api.Credentials { Name = "mallory", Password = Password }, default));
        var token = Value(await owner.CreateTokenAsync(new Protocol.Api.NewToken { Name = "read", Scopes = [Protocol.Api.TokenScope.Read] }, default)).Token;

        foreach (var path in new[] { "v1/index/acme/demo", "v1/publishers/acme.json", $"v1/packages/{package.Digest}.lzp", "v1/api/publishers/acme" })
        {
            using var response = await market.Http.GetAsync(new Uri(market.Url, path));
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        }
        Assert.True(Value(RegistryConfig.Read(await market.Http.GetByteArrayAsync(new Uri(market.Url, "v1/config.json")))).AuthRequired);
        await market.InstallAsync(SamplePlugin.Id, package.Manifest.Version, token);
    }

    private static Task<HttpResponseMessage> AskAsync(MarketFixture market, string path, EntityTagHeaderValue tag)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(market.Url, path));
        request.Headers.IfNoneMatch.Add(tag);
        return market.Http.SendAsync(request);
    }
}
