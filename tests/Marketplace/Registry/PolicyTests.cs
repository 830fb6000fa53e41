using System.Net;
using System.Text;
using LazyOC.Marketplace.Protocol;
using LazyOC.Marketplace.Publishing;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Permissions;
using LazyOC.Plugins.Packages.Signing;
using static LazyOC.Marketplace.Tests.MarketFixture;

namespace LazyOC.Marketplace.Tests.Registry;

/// <summary>What a registry lays down for its users: signed like its other documents, and never just gone.</summary>
[Trait(Nodes.Pair.Trait, Nodes.Pair.Both)]
public sealed class PolicyTests
{
    private static readonly RequiredScanners Scanners = new([TestScanner.Passing], _ => PackageLooks.None);

    [Fact]
    public async Task Policy_IsSigned_CountsUp_AndIsFollowedByOneThatRestrictsNothing()
    {
        await using var market = await MarketFixture.StartAsync();
        Assert.Null(Value(await market.Registry().PolicyAsync(default)).Value);

        await StartAsync(market, """{"publishers":["acme"],"scanners":["passing"]}""");
        var first = Value(await market.Registry().PolicyAsync(default)).Value!;
        Assert.Equal(["acme"], first.Policy.Publishers!.Value.AsEnumerable());
        // The same again is no change.
        await StartAsync(market, """{"publishers":["acme"],"scanners":["passing"]}""");
        Assert.Equal(first.Sequence, Value(await market.Registry().PolicyAsync(default)).Value!.Sequence);

        await StartAsync(market, null);
        var last = Value(await market.Registry().PolicyAsync(default)).Value!;
        Assert.Equal((first.Sequence + 1, null), (last.Sequence, last.Policy.Publishers));
        Assert.Null(last.Policy.WhyNot(PluginId.Parse("other.demo"), new PermissionSet()));
        // An old one is not taken any more, and neither is none.
        Assert.False(PolicyFile.Read(PolicyFile.Write(new PolicyDocument { Sequence = 1, Issued = market.Clock.GetUtcNow(), Expires = market.Clock.GetUtcNow().AddDays(1), Policy = RegistryPolicy.None }, market.Author), KeySet.Of(market.Author.PublicKey), market.Clock.GetUtcNow(), lastSeen: 2).TryGet(out _, out _));
    }

    [Fact]
    public async Task Policy_OfAnotherKey_IsNotBelieved()
    {
        await using var market = await MarketFixture.StartAsync();
        var (now, document) = (market.Clock.GetUtcNow(), new PolicyDocument { Sequence = 1, Issued = market.Clock.GetUtcNow(), Expires = market.Clock.GetUtcNow().AddDays(1), Policy = RegistryPolicy.None });
        using var other = SigningKey.Create();

        Assert.False(PolicyFile.Read(PolicyFile.Write(document, other), KeySet.Of(market.Author.PublicKey), now).TryGet(out _, out _));
        Value(PolicyFile.Read(PolicyFile.Write(document, market.Author), KeySet.Of(market.Author.PublicKey), now));
    }

    [Fact]
    public async Task Policy_OfAPrivateRegistry_IsReadByToken()
    {
        await using var market = await MarketFixture.StartAsync(null, [], change: options => options with { IsPrivate = true, Policy = RegistryPolicy.None with { Publishers = ["acme"] } });
        using var response = await market.Http.GetAsync(new Uri(market.Url, "v1/policy.json"));
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task Verdicts_AreSignedForOnePackage()
    {
        await using var market = await MarketFixture.StartAsync(TestScanner.Passing, TestScanner.Of("second", Marketplace.Scanning.Verdict.Pass));
        var package = await market.LiveAsync(await market.OwnerAsync(), SamplePlugin.Package());
        var policy = RegistryPolicy.None with { Scanners = ["passing", "third"] };

        var verdicts = Value(await market.Registry().VerdictsAsync(package.Digest, default)).Value!;

        Assert.Equal(["passing", "second"], verdicts.Scans.Select(scan => scan.Scanner));
        Assert.Equal(["third"], policy.Missing(verdicts));
        Assert.Equal(["passing", "third"], policy.Missing(null));
        Assert.Null(Value(await market.Registry().VerdictsAsync(Digest.Of("none"u8), default)).Value);
        // Those of one package do not pass for those of another.
        var bytes = await market.Http.GetByteArrayAsync(new Uri(market.Url, RegistryPaths.VerdictsOf(package.Digest)));
        Assert.False(VerdictFile.Read(bytes, Digest.Of("other"u8), KeySet.Of(market.Server.Key), market.Clock.GetUtcNow()).TryGet(out _, out _));
    }

    [Theory]
    [InlineData("""{"publishers":["a b"]}""", "publishers")]
    [InlineData("""{"publisher":["acme"]}""", "publisher")]
    [InlineData("""{"permissions":{"storage":"much"}}""", "permissions.storage")]
    [InlineData("[]", "")]
    public void Policy_ThatMeansNothing_IsRefused(string json, string where)
    {
        Assert.False(RegistryPolicy.Read(Encoding.UTF8.GetBytes(json)).TryGet(out _, out var problems));
        Assert.Contains(where, Problem.Join(problems), StringComparison.Ordinal);
    }

    private static Task StartAsync(MarketFixture market, string? policy) =>
        market.RunAsync(null, Scanners, options => options with { Policy = policy is null ? null : Value(RegistryPolicy.Read(Encoding.UTF8.GetBytes(policy))) });
}
