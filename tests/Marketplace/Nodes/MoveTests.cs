using LazyOC.Marketplace.Operations;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Plugins.Contracts;
using static LazyOC.Marketplace.Tests.MarketFixture;

namespace LazyOC.Marketplace.Tests.Nodes;

/// <summary>A marketplace moves from one set-up to the other, and back, by its backup.</summary>
public sealed class MoveTests : IDisposable
{
    private readonly TemporaryDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [NodesFact]
    public async Task Backup_OfEitherPair_IsPutIntoTheOther()
    {
        var (small, large, again) = (new MarketOptions { DataDirectory = At("small") }, await Pair.PostgresAsync(At("large")), new MarketOptions { DataDirectory = At("again") });
        string index;
        await using (var market = await StartAsync(small))
        {
            var owner = await market.OwnerAsync();
            await market.LiveAsync(owner, SamplePlugin.Package(readme: "Draws latency"));
            await market.LiveAsync(owner, SamplePlugin.Package(version: "1.0.1", readme: "Draws latency"));
            index = await market.Http.GetStringAsync(new Uri(market.Url, "v1/index/acme/demo"));
            Assert.Equal(2, Value(await Backup.MakeAsync(small, At("copy"), default)).Packages);
        }
        Value(await Backup.RestoreAsync(At("copy"), large, default));
        await IsWholeAsync(large);
        // Over what is there, nothing is put.
        Assert.False((await Backup.RestoreAsync(At("copy"), large with { DataDirectory = At("elsewhere") }, default)).TryGet(out _, out var problems));
        Assert.Contains("are there already", Problem.Join(problems), StringComparison.Ordinal);

        Value(await Backup.MakeAsync(large, At("back"), default));
        Value(await Backup.RestoreAsync(At("back"), again, default));
        await IsWholeAsync(again);

        async Task IsWholeAsync(MarketOptions place)
        {
            Assert.Empty(await Backup.VerifyAsync(place, default));
            await using var market = await StartAsync(place);
            Assert.Equal(index, await market.Http.GetStringAsync(new Uri(market.Url, "v1/index/acme/demo")));
            var found = Value(await market.Client().SearchAsync(new SearchQuery { Text = "latency" }, default));
            Assert.Equal("1.0.1", Assert.Single(found.Plugins).Version);
            Value(await market.Client().SignInAsync(new Credentials { Name = "alice", Password = MarketFixture.Password }, default));
        }
    }

    [NodesTheory]
    [InlineData(true, "is not what was published")]
    [InlineData(false, "is missing, though the records name it")]
    public async Task Verify_OfABucketThatIsDamaged_SaysWhat(bool isThere, string expected)
    {
        var place = await Pair.PostgresAsync(At("data"));
        await using var market = await StartAsync(place);
        var package = await market.LiveAsync(await market.OwnerAsync(), SamplePlugin.Package());
        Assert.Empty(await Backup.VerifyAsync(place, default));

        await market.DamageAsync(package.Digest);
        if (!isThere) await market.Packages.RemoveAsync($"{package.Digest}.lzp", default);

        Assert.Contains(expected, Problem.Join(await Backup.VerifyAsync(place, default)), StringComparison.Ordinal);
        Assert.False((await Backup.MakeAsync(place, At("copy"), default)).TryGet(out _, out _));
    }

    private string At(string name) => Path.Combine(_folder.Path, name);

    private static Task<MarketFixture> StartAsync(MarketOptions place) => MarketFixture.StartAsync(null, [], place.DataDirectory, options => options with { Database = place.Database, Storage = place.Storage });
}
