using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using LazyOC.Marketplace.Data;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Marketplace.Publishing;
using LazyOC.Marketplace.Registry;
using LazyOC.Marketplace.Scanning;
using LazyOC.Marketplace.Storage;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Versions;
using static LazyOC.Marketplace.Tests.MarketFixture;

namespace LazyOC.Marketplace.Tests.Nodes;

/// <summary>Two nodes on one database and one bucket are one marketplace.</summary>
public sealed class NodesTests : IDisposable
{
    private readonly TemporaryDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [NodesFact]
    public async Task Request_ToEitherNode_IsAnsweredAlike()
    {
        await using var market = await StartAsync();
        await using var other = await NodeAsync(market);
        var owner = await market.OwnerAsync();
        var package = await market.LiveAsync(owner, SamplePlugin.Package());

        Assert.Equal(market.Server.Key, other.Key);
        foreach (var path in new[] { "v1/index/acme/demo", "v1/publishers/acme.json", $"v1/packages/{package.Digest}.lzp.dsse.json", "v1/config.json" })
            Assert.Equal(await market.Http.GetStringAsync(new Uri(market.Url, path)), await market.Http.GetStringAsync(new Uri(other.Url, path)));
        Assert.Equal(package.Bytes.ToArray(), await market.Http.GetByteArrayAsync(new Uri(other.Url, $"v1/packages/{package.Digest}.lzp")));
        Assert.Equal(SamplePlugin.Id, Assert.Single(Value(await market.Client(url: other.Url).SearchAsync(new SearchQuery { Text = "demo" }, default)).Plugins).Id);

        // Who has signed in at one is signed in at the other.
        var session = Value(await market.Client().SignInAsync(new Credentials { Name = "alice", Password = MarketFixture.Password }, default)).Token;
        Value(await market.Client(session, other.Url).YankAsync(SamplePlugin.Id, SemanticVersion.Parse("1.0.0"), new Reason { Text = "it loses data" }, default));
        Assert.Equal("it loses data", Value(await market.Registry().IndexAsync(SamplePlugin.Id, default)).Value!.Lines[0].Yanked);
    }

    [NodesFact]
    public async Task Form_OfOneNode_IsTakenByTheOther()
    {
        await using var market = await StartAsync();
        await using var other = await NodeAsync(market);
        await market.RegisterAsync("alice");
        using var handler = new HttpClientHandler { AllowAutoRedirect = false };
        using var browser = new HttpClient(handler);
        var page = await browser.GetStringAsync(new Uri(market.Url, "sign-in"));
        var token = Regex.Match(page, "name=\"form-token\" value=\"(?<token>[0-9a-f]+)\"", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)).Groups["token"].Value;

        // The control: a form that no node gave is not taken.
        Assert.Equal(HttpStatusCode.Forbidden, await PostAsync(new string('0', token.Length)));
        Assert.Equal(HttpStatusCode.SeeOther, await PostAsync(token));

        async Task<HttpStatusCode> PostAsync(string formToken)
        {
            using var form = new FormUrlEncodedContent([new("form-token", formToken), new("name", "alice"), new("password", MarketFixture.Password)]);
            // Both are on the same host, so the browser sends the same cookies.
            using var answer = await browser.PostAsync(new Uri(other.Url, "sign-in"), form);
            return answer.StatusCode;
        }
    }

    [NodesFact]
    public async Task Publish_OfTheSameVersionAtBothNodes_TakesOneOfThem()
    {
        await using var market = await StartAsync();
        await using var other = await NodeAsync(market);
        await market.OwnerAsync();
        var session = Value(await market.Client().SignInAsync(new Credentials { Name = "alice", Password = MarketFixture.Password }, default)).Token;
        var clients = new[] { market.Client(session), market.Client(session, other.Url) };

        var results = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => market.PublishAsync(clients[i % 2], SamplePlugin.Package(code: $"export const n = {i};"))));

        Assert.Single(results, result => result.Value is not null);
        Assert.All(results.Where(result => result.Value is null), result => Refusal(ProblemTypes.VersionExists, result));
        Assert.Equal(1L, await PostgresServer.ExecuteAsync(market.Options.Database!, "SELECT COUNT(*) FROM versions"));
    }

    [NodesFact]
    public async Task Writers_ThatLookBeforeTheyWrite_SeeEachOther()
    {
        // Of quotas and names, which no key of a table holds: each looks how many there are and adds one, to five at most.
        var place = await Pair.PostgresAsync(Path.Combine(_folder.Path, "records"));
        using var first = Open(place);
        using var second = Open(place);
        await Migration.ApplyAsync(first, TimeProvider.System, default);

        Assert.Equal(5, await RaceAsync(WriteMode.Serial, "serial"));
        // The control: without the order, they overtake each other.
        Assert.True(await RaceAsync(WriteMode.Rows, "rows") > 5);

        async Task<long> RaceAsync(WriteMode mode, string action)
        {
            await Task.WhenAll(Enumerable.Range(0, 12).Select(i => (i % 2 == 0 ? first : second).WriteAsync(async sql =>
            {
                var count = await sql.FirstAsync<long>("SELECT COUNT(*) FROM audit WHERE action = @action", new { action });
                await sql.ExecuteAsync("SELECT pg_sleep(0.02)");
                if (count < 5) await sql.ExecuteAsync("INSERT INTO audit (id, at, account, action, subject, reason) VALUES (@Id, 0, '', @action, '', '')", new { Id = $"{action}{i}", action });
                return count;
            }, default, mode)));
            return await first.ReadAsync(sql => sql.FirstAsync<long>("SELECT COUNT(*) FROM audit WHERE action = @action", new { action }), default);
        }
    }

    [NodesFact]
    public async Task Queue_OfTwoNodes_IsSharedAndChecksEachVersionOnce()
    {
        var scanned = new ConcurrentQueue<(string Node, string Version)>();
        // On a machine that is busy, a node may be silent for longer than the short time of the other tests.
        var limits = MarketProcess.Limits with { ScanLease = MarketLimits.Default.ScanLease };
        await using var market = await StartAsync(limits, Scanner("first"));
        await using var other = await NodeAsync(market, limits, Scanner("second"));
        var owner = await market.OwnerAsync();

        // The second node hears of nothing that the first takes in, and looks by itself.
        var versions = Enumerable.Range(0, 60).Select(i => string.Create(CultureInfo.InvariantCulture, $"1.0.{i}")).ToArray();
        await Task.WhenAll(versions.Select(async version => Value(await market.PublishAsync(owner, SamplePlugin.Package(version: version)))));
        await EmptyAsync(market);

        Assert.Equal(versions.Order(StringComparer.Ordinal), scanned.Select(scan => scan.Version).Order(StringComparer.Ordinal));
        Assert.Equal(["first", "second"], scanned.Select(scan => scan.Node).Distinct().Order(StringComparer.Ordinal));

        TestScanner Scanner(string node) => new("slow", async (submission, cancellationToken) =>
        {
            scanned.Enqueue((node, submission.Package.Manifest.Version.ToString()));
            await Task.Delay(500, cancellationToken);
            return ScanResult.Passed;
        });
    }

    [NodesFact]
    public async Task Node_ThatIsKilledWhileItChecks_GivesItsWorkToTheOther()
    {
        await using var market = await StartAsync(TestScanner.Passing);
        await market.OwnerAsync();
        // Nobody at the first node takes from the queue before the second has done so.
        await market.StopAsync();
        using var process = MarketProcess.Start(market.Options with { DataDirectory = KeyFolder(market) }, PublishSteps.Claimed);
        var url = new Uri((await process.StandardOutput.ReadLineAsync())!);
        var session = Value(await market.Client(url: url).SignInAsync(new Credentials { Name = "alice", Password = MarketFixture.Password }, default)).Token;
        Value(await market.PublishAsync(market.Client(session, url), SamplePlugin.Package()));
        Assert.Equal(MarketProcess.Reached, await process.StandardOutput.ReadLineAsync());

        await using var first = await NodeAsync(market, TestScanner.Passing);
        // As long as it says that it goes on, the work is its own.
        await Task.Delay(MarketProcess.Limits.ScanLease * 2);
        Assert.Equal(1, await QueuedAsync(market));
        process.Kill();
        await process.WaitForExitAsync();
        await EmptyAsync(market);

        Assert.Equal(VersionState.Live, Value(await market.Client(session, first.Url).SubmissionAsync(SamplePlugin.Id, SemanticVersion.Parse("1.0.0"), default)).State);
    }

    [NodesFact]
    public async Task Passwords_GuessedAtBothNodes_AreNotTriedMoreOftenThanAtOne()
    {
        const int Tries = 6;
        var limits = MarketProcess.Limits with { SignInsPerTenMinutes = Tries };
        await using var market = await StartAsync();
        await market.RegisterAsync("alice");
        var place = market.Options with { Nodes = 2 };
        await using var first = MarketFixture.Value(await MarketServer.StartAsync(place with { DataDirectory = KeyFolder(market) }, Required([]), limits, market.Clock, Quiet));
        await using var second = MarketFixture.Value(await MarketServer.StartAsync(place with { DataDirectory = KeyFolder(market) }, Required([]), limits, market.Clock, Quiet));

        var kinds = new List<string>();
        for (var i = 0; i < 4 * Tries; i++)
        {
            Assert.False((await market.Client(url: (i % 2 == 0 ? first : second).Url).SignInAsync(new Credentials { Name = "alice", Password = "a wrong password" }, default)).TryGet(out _, out var problem));
            kinds.Add(problem.Kind);
        }

        Assert.Equal(Tries, kinds.Count(kind => kind == ProblemTypes.Unauthenticated));
        Assert.Equal(3 * Tries, kinds.Count(kind => kind == ProblemTypes.RateLimited));
    }

    [NodesFact]
    public async Task Node_WithAnotherKeyOrNone_DoesNotBegin()
    {
        await using var market = await StartAsync();

        Assert.Contains("is missing, and the marketplace has a key", await WhyNotAsync(Path.Combine(_folder.Path, "none")), StringComparison.Ordinal);
        Directory.CreateDirectory(Path.Combine(_folder.Path, "other"));
        await using (var stranger = await MarketFixture.StartAsync(null, [], Path.Combine(_folder.Path, "stranger")))
            File.Copy(Path.Combine(stranger.Data, RootKey.FileName), Path.Combine(_folder.Path, "other", RootKey.FileName));
        Assert.Contains("is not the key that this marketplace signs with", await WhyNotAsync(Path.Combine(_folder.Path, "other")), StringComparison.Ordinal);

        async Task<string> WhyNotAsync(string directory)
        {
            var started = await MarketServer.StartAsync(market.Options with { DataDirectory = directory }, Required([]), prepare: Quiet);
            Assert.False(started.TryGet(out _, out var problems));
            return Problem.Join(problems);
        }
    }

    [NodesFact]
    public async Task Package_ThatNoRecordNames_IsRemovedWhenItIsOldAndNotBefore()
    {
        await using var market = await StartAsync();
        var owner = await market.OwnerAsync();
        var live = await market.LiveAsync(owner, SamplePlugin.Package());
        var left = SamplePlugin.Package(version: "1.0.1");
        await using (var file = market.Packages.Begin())
        {
            await file.AppendAsync(left.Bytes.ToArray(), default);
            await market.Packages.KeepAsync(file, await file.EndAsync(), default);
        }
        var sweep = (PackageSweep)market.Server.Services.GetService(typeof(PackageSweep))!;

        Assert.Equal(0, await sweep.RunAsync(default));
        Assert.Equal(2, (await market.StoredAsync()).Count);
        market.Clock.Advance(MarketLimits.Default.UnnamedPackageTime);
        Assert.Equal(1, await sweep.RunAsync(default));

        Assert.Equal([$"{live.Digest}.lzp"], await market.StoredAsync());
        // What was removed can be published: the mark of the removal is older.
        var session = Value(await market.Client().SignInAsync(new Credentials { Name = "alice", Password = MarketFixture.Password }, default)).Token;
        await market.LiveAsync(market.Client(session), left);
    }

    [NodesFact]
    public async Task Publish_WhileAnEarlierCopyIsBeingRemoved_IsRefusedAndNamesNothingThatIsNotThere()
    {
        await using var market = await StartAsync();
        var owner = await market.OwnerAsync();
        var package = SamplePlugin.Package();
        await PostgresServer.ExecuteAsync(market.Options.Database!, $"INSERT INTO package_sweeps VALUES ('{package.Digest}', 1, 1)");

        Refusal(ProblemTypes.Unavailable, await market.PublishAsync(owner, package));

        Assert.Equal(0L, await PostgresServer.ExecuteAsync(market.Options.Database!, "SELECT COUNT(*) FROM versions"));
        await PostgresServer.ExecuteAsync(market.Options.Database!, "UPDATE package_sweeps SET is_under_way = 0");
        await market.LiveAsync(owner, package);
    }

    private static Database Open(MarketOptions place) => MarketFixture.Value(Database.Open(place, MarketLimits.Default));

    private static RequiredScanners Required(IEnumerable<IScanner> scanners) => new([.. scanners.DefaultIfEmpty(TestScanner.Passing)], _ => PackageLooks.None);

    private static async Task<long> QueuedAsync(MarketFixture market) => (long)(await PostgresServer.ExecuteAsync(market.Options.Database!, "SELECT COUNT(*) FROM scan_jobs"))!;

    /// <summary>Waits until nothing is to be checked any more.</summary>
    private static async Task EmptyAsync(MarketFixture market)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        while (await QueuedAsync(market) > 0) await Task.Delay(100, patience.Token);
    }

    private Task<MarketFixture> StartAsync(params IScanner[] scanners) => StartAsync(MarketProcess.Limits, scanners);

    private async Task<MarketFixture> StartAsync(MarketLimits limits, params IScanner[] scanners)
    {
        var place = await Pair.PostgresAsync(Path.Combine(_folder.Path, "node"));
        return await MarketFixture.StartAsync(limits, [.. scanners], place.DataDirectory, options => options with { Database = place.Database, Storage = place.Storage });
    }

    /// <summary>Another node of the same marketplace.</summary>
    private Task<MarketServer> NodeAsync(MarketFixture market, params IScanner[] scanners) => NodeAsync(market, MarketProcess.Limits, scanners);

    private async Task<MarketServer> NodeAsync(MarketFixture market, MarketLimits limits, params IScanner[] scanners) =>
        MarketFixture.Value(await MarketServer.StartAsync(market.Options with { DataDirectory = KeyFolder(market) }, Required(scanners), limits, market.Clock, Quiet));

    /// <summary>A data folder that has the marketplace's key and nothing else.</summary>
    private string KeyFolder(MarketFixture market)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder.Path, Guid.NewGuid().ToString("N"))).FullName;
        File.Copy(Path.Combine(market.Data, RootKey.FileName), Path.Combine(folder, RootKey.FileName));
        return folder;
    }
}
