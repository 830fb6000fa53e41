using System.Diagnostics;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Marketplace.Publishing;
using LazyOC.Plugins.Contracts.Versions;
using static LazyOC.Marketplace.Tests.MarketFixture;

namespace LazyOC.Marketplace.Tests;

/// <summary>A server that is killed in the middle of a publish leaves the whole version or nothing.</summary>
public sealed class CrashTests
{
    /// <summary>What the process says when it has come to the step.</summary>
    internal const string Reached = "REACHED";

    private static readonly string[] BeforeTheRecord = [PublishSteps.Received, PublishSteps.Stored];

    public static TheoryData<string> Steps => [.. PublishSteps.All];

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task Kill_AtAStepOfAPublish_LeavesTheWholeVersionOrNothing(string step)
    {
        using var folder = new TemporaryDirectory();
        var data = Path.Combine(folder.Path, "data");
        var package = SamplePlugin.Package();
        using var process = Start(data, step);
        var url = new Uri((await process.StandardOutput.ReadLineAsync())!);
        // Only a fixture for its clients and its key: its own server is of another folder.
        await using var clients = await MarketFixture.StartAsync();
        var owner = await clients.OwnerAsync(url: url);
        var publish = clients.PublishAsync(owner, package);
        Assert.Equal(Reached, await process.StandardOutput.ReadLineAsync());

        process.Kill();
        await process.WaitForExitAsync();
        await publish;

        await using var market = await MarketFixture.StartAsync(null, [], data);
        Assert.Equal(BeforeTheRecord.Contains(step) ? 0 : 1, Directory.EnumerateFiles(Path.Combine(data, "packages")).Count());
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(data, "incoming")));
        var again = market.Client(Value(await market.Client().SignInAsync(new Credentials { Name = "alice", Password = MarketFixture.Password }, default)).Token);
        var submission = Value(await clients.PublishAsync(again, package));
        if (submission.State != VersionState.Live) await market.DecidedAsync();
        Assert.Equal(package.Digest, (await market.InstallAsync(SamplePlugin.Id, SemanticVersion.Parse("1.0.0"))).Digest);
        Assert.Equal(1, Value(await market.Registry().IndexAsync(SamplePlugin.Id, default)).Value!.Header.Sequence);
    }

    private static Process Start(string data, string step)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet", ["exec", typeof(CrashTests).Assembly.Location, "serve", data, step])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        return Process.Start(start)!;
    }
}
