using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using LazyOC.Marketplace.Data;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Marketplace.Registry;
using LazyOC.Plugins.Packages;
using static LazyOC.Marketplace.Tests.MarketFixture;

namespace LazyOC.Marketplace.Tests.Nodes;

/// <summary>Nodes are replaced one after the other while people publish and read.</summary>
public sealed class RollingTests : IDisposable
{
    private const int Rounds = 2;

    private readonly CancellationTokenSource _patience = new(TimeSpan.FromMinutes(30));
    private readonly TemporaryDirectory _folder = new();
    private Process[] _processes = [];

    public void Dispose()
    {
        foreach (var process in _processes)
        {
            if (!process.HasExited) process.Kill();
            process.Dispose();
        }
        _patience.Dispose();
        _folder.Dispose();
    }

    [NodesFact]
    public async Task Nodes_RestartedOneAfterTheOther_LoseNothing()
    {
        await using var market = await StartAsync();
        var urls = new Uri[2];
        _processes = new Process[2];
        for (var node = 0; node < urls.Length; node++) await BeginAsync(market.Options, node, urls);
        var session = await SignInAsync(market, urls[0]);
        var (acknowledged, refused, reads) = (new ConcurrentBag<PluginPackage>(), new ConcurrentBag<string>(), 0);
        using var end = new CancellationTokenSource();

        // As clients behind a balancer do: what one does not answer, the other is asked.
        var publishing = Enumerable.Range(0, 2).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; !end.IsCancellationRequested; i++)
            {
                var package = SamplePlugin.Package(version: string.Create(CultureInfo.InvariantCulture, $"{writer + 1}.0.{i}"));
                if (await AnyAsync(i, url => market.PublishAsync(market.Client(session, url), package)) is { } why) refused.Add(why);
                else acknowledged.Add(package);
            }
        })).ToArray();
        var reading = Task.Run(async () =>
        {
            for (var i = 0; !end.IsCancellationRequested; i++)
            {
                if (await AnyAsync(i, url => market.Client(url: url).SearchAsync(new SearchQuery(), default)) is { } why) refused.Add(why);
                reads++;
            }
        });
        for (var round = 0; round < Rounds; round++)
        {
            for (var node = 0; node < urls.Length; node++)
            {
                var before = acknowledged.Count;
                while (acknowledged.Count < before + 3) await Task.Delay(50, _patience.Token);
                await EndAsync(_processes[node]);
                Assert.Equal(0, _processes[node].ExitCode);
                while (acknowledged.Count < before + 6) await Task.Delay(50, _patience.Token);
                await BeginAsync(market.Options, node, urls);
            }
        }
        await end.CancelAsync();
        await Task.WhenAll([.. publishing, reading]);

        Assert.Empty(refused);
        Assert.True(reads > 0);
        while ((long)(await PostgresServer.ExecuteAsync(market.Options.Database!, "SELECT COUNT(*) FROM scan_jobs"))! > 0) await Task.Delay(100, _patience.Token);
        using var http = new HttpClient();
        foreach (var package in acknowledged)
        {
            Assert.Equal(VersionState.Live, Value(await market.Client(session, urls[0]).SubmissionAsync(package.Manifest.Id, package.Manifest.Version, default)).State);
            Assert.Equal(package.Bytes.ToArray(), await http.GetByteArrayAsync(new Uri(urls[1], $"v1/packages/{package.Digest}.lzp")));
        }

        async Task<string?> AnyAsync<T>(int first, Func<Uri, Task<ApiResult<T>>> ask)
            where T : class
        {
            var why = "";
            for (var i = 0; i < 100; i++)
            {
                var answer = await ask(urls[(first + i) % urls.Length]);
                if (answer.TryGet(out _, out var problem)) return null;
                why = $"{problem.Kind}: {problem.Detail}";
                // What a node refuses for good, no other takes.
                if (problem.Status is >= 400 and < 500) return why;
                await Task.Delay(50, _patience.Token);
            }
            return why;
        }
    }

    [NodesFact]
    public async Task Migration_MadeWhileTheVersionBeforeServes_DisturbsNobody()
    {
        await using var market = await StartAsync();
        var urls = new Uri[1];
        _processes = new Process[1];
        await BeginAsync(market.Options, 0, urls);
        var session = await SignInAsync(market, urls[0]);
        using var end = new CancellationTokenSource();
        var (published, refused) = (new ConcurrentBag<PluginPackage>(), new ConcurrentBag<string>());
        var publishing = Task.Run(async () =>
        {
            for (var i = 0; !end.IsCancellationRequested; i++)
            {
                var package = SamplePlugin.Package(version: string.Create(CultureInfo.InvariantCulture, $"1.0.{i}"));
                if ((await market.PublishAsync(market.Client(session, urls[0]), package)).TryGet(out _, out var problem)) published.Add(package);
                else refused.Add(problem.Detail);
            }
        });
        while (published.Count < 3) await Task.Delay(20, _patience.Token);

        // What the next version brings: it adds, as all steps do that are made while another version serves.
        Migration[] next =
        [
            new(9001, "tomorrow", "ALTER TABLE versions ADD COLUMN tomorrow TEXT NOT NULL DEFAULT ''; CREATE INDEX versions_tomorrow ON versions (tomorrow, plugin_id);"),
            new(9002, "later", "CREATE TABLE later (id TEXT PRIMARY KEY); ALTER TABLE plugins ADD COLUMN later BIGINT;"),
        ];
        using var first = MarketFixture.Value(Database.Open(market.Options, MarketLimits.Default));
        using var second = MarketFixture.Value(Database.Open(market.Options, MarketLimits.Default));
        var made = await Task.WhenAll(new[] { first, second }.Select(database => Migration.ApplyAsync(database, next, TimeProvider.System, default)));

        // Two nodes of the next version begin at once: each step is made once.
        Assert.Equal(next.Length, made.Sum());
        var after = published.Count;
        while (published.Count < after + 3) await Task.Delay(20, _patience.Token);
        await end.CancelAsync();
        await publishing;
        Assert.Empty(refused);
        // The version before begins again on what the next has made.
        await EndAsync(_processes[0]);
        await BeginAsync(market.Options, 0, urls);
        Assert.Equal((long)published.Count, await PostgresServer.ExecuteAsync(market.Options.Database!, "SELECT COUNT(*) FROM versions WHERE tomorrow = ''"));
        Value(await market.Client(session, urls[0]).SubmissionAsync(SamplePlugin.Id, published.First().Manifest.Version, default));
    }

    private async Task<MarketFixture> StartAsync()
    {
        var place = await Pair.PostgresAsync(Path.Combine(_folder.Path, "node"));
        // It makes the key and the owner; the nodes are processes of their own.
        var market = await MarketFixture.StartAsync(MarketProcess.Limits, [], place.DataDirectory, options => options with { Database = place.Database, Storage = place.Storage });
        await market.OwnerAsync();
        await market.StopAsync();
        return market;
    }

    private static async Task<string> SignInAsync(MarketFixture market, Uri url) => Value(await market.Client(url: url).SignInAsync(new Credentials { Name = "alice", Password = MarketFixture.Password }, default)).Token;

    private async Task BeginAsync(MarketOptions place, int node, Uri[] urls)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder.Path, $"node-{node}")).FullName;
        File.Copy(Path.Combine(place.DataDirectory, RootKey.FileName), Path.Combine(folder, RootKey.FileName), overwrite: true);
        var process = MarketProcess.Start(place with { DataDirectory = folder }, MarketProcess.NoStep);
        urls[node] = new Uri((await process.StandardOutput.ReadLineAsync())!);
        _processes[node] = process;
    }

    /// <summary>Stops a node as a service manager does.</summary>
    private static async Task EndAsync(Process process)
    {
        using (var kill = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)])) await kill.WaitForExitAsync();
        await process.WaitForExitAsync();
    }
}
