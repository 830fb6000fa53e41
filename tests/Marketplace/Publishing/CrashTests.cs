using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Marketplace.Publishing;
using LazyOC.Marketplace.Tests.Nodes;
using LazyOC.Plugins.Contracts.Versions;
using static LazyOC.Marketplace.Tests.MarketFixture;

namespace LazyOC.Marketplace.Tests;

/// <summary>A server that is killed in the middle of a publish leaves the whole version or nothing.</summary>
[Trait(Pair.Trait, Pair.Both)]
public sealed class CrashTests
{
    public static TheoryData<string> Steps => [.. PublishSteps.All];

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task Kill_AtAStepOfAPublish_LeavesTheWholeVersionOrNothing(string step)
    {
        using var folder = new TemporaryDirectory();
        var data = Path.Combine(folder.Path, "data");
        var package = SamplePlugin.Package();
        var place = await Pair.OfAsync(data);
        using var process = MarketProcess.Start(place, step);
        var url = new Uri((await process.StandardOutput.ReadLineAsync())!);
        // Only a fixture for its clients and its key: its own server is of another folder.
        await using var clients = await MarketFixture.StartAsync();
        var owner = await clients.OwnerAsync(url: url);
        var publish = clients.PublishAsync(owner, package);
        Assert.Equal(MarketProcess.Reached, await process.StandardOutput.ReadLineAsync());

        process.Kill();
        await process.WaitForExitAsync();
        await publish;

        await using var market = await MarketFixture.StartAsync(MarketProcess.Limits, [], data);
        // Where there may be other nodes, what no record names may be one's that is publishing, and stays for a day.
        Assert.Equal(step == PublishSteps.Received || (step == PublishSteps.Stored && !Pair.IsPostgres) ? 0 : 1, (await market.StoredAsync()).Count);
        if (!Pair.IsPostgres) Assert.Empty(Directory.EnumerateFiles(Path.Combine(data, "incoming")));
        var again = market.Client(Value(await market.Client().SignInAsync(new Credentials { Name = "alice", Password = MarketFixture.Password }, default)).Token);
        var submission = Value(await clients.PublishAsync(again, package));
        if (submission.State != VersionState.Live) await market.DecidedAsync();
        Assert.Equal(package.Digest, (await market.InstallAsync(SamplePlugin.Id, SemanticVersion.Parse("1.0.0"))).Digest);
        Assert.Equal(1, Value(await market.Registry().IndexAsync(SamplePlugin.Id, default)).Value!.Header.Sequence);
    }
}
