using System.Globalization;
using LazyOC.Marketplace.Data;
using LazyOC.Marketplace.Downloads;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Marketplace.Publishing;
using LazyOC.Marketplace.Tests.Nodes;
using LazyOC.Plugins.Packages;
using Microsoft.Extensions.DependencyInjection;
using static LazyOC.Marketplace.Tests.MarketFixture;

namespace LazyOC.Marketplace.Tests.Statistics;

/// <summary>Counting downloads: what is counted, what is kept, and what it costs whom.</summary>
[Trait(Pair.Trait, Pair.Both)]
public sealed class DownloadTests : IAsyncLifetime
{
    private MarketFixture _market = null!;
    private MarketClient _owner = null!;
    private PluginPackage _package = null!;

    public async Task InitializeAsync()
    {
        // What a test counts is written when it says so.
        _market = await MarketFixture.StartAsync(new MarketLimits { CountInterval = TimeSpan.FromDays(1) }, []);
        _owner = await _market.OwnerAsync();
        _package = await _market.LiveAsync(_owner, SamplePlugin.Package());
    }

    public async Task DisposeAsync() => await _market.DisposeAsync();

    [Fact]
    public async Task Downloads_AreCountedByVersionDayAndProgram_AndUsersOnceADay()
    {
        var second = await _market.LiveAsync(_owner, SamplePlugin.Package(version: "1.1.0"));
        await DownloadAsync(_package, "lazyoc/0.1.0");
        await DownloadAsync(_package, "lazyoc/0.1.0");
        await DownloadAsync(second, "lazyoc/0.2.0-beta.1");
        await DownloadAsync(second, "curl/8.0");
        await Counts.FlushAsync(default);
        _market.Clock.Advance(TimeSpan.FromDays(1));
        await DownloadAsync(second, "lazyoc/0.2.0");
        await Counts.FlushAsync(default);

        // A session is over by now.
        var owner = _market.Client(Value(await _market.Client().SignInAsync(new Credentials { Name = "alice", Password = Password }, default)).Token);
        var stats = Value(await owner.PluginStatsAsync(SamplePlugin.Id, null, default));

        Assert.Equal([(1, 2), (2, 3)], stats.Versions.Select(version => (version.Installs, version.Downloads)).Order());
        Assert.Equal([new NamedDownloads("lazyoc/0.1", 1, 2), new NamedDownloads("lazyoc/0.2", 2, 2), new NamedDownloads("other", 0, 1)], stats.Clients!.Value.OrderBy(client => client.Name, StringComparer.Ordinal));
        Assert.Equal([(2, 4), (1, 1)], stats.Downloads.Days.Select(day => (day.Installs, day.Downloads)));
        Assert.Equal((3, 5), (stats.Downloads.Installs, stats.Downloads.Downloads));
        Assert.Equal(1, stats.Downloads.To.DayNumber - stats.Downloads.Days[0].Day.DayNumber);
        Assert.Equal(3, Value(await _market.Client().PluginAsync(SamplePlugin.Id, default)).Summary.Installs);
    }

    /// <summary>Two nodes of different regions count into the same records.</summary>
    [Fact]
    public async Task Downloads_AreCountedByTheRegionOfTheNode_ForMembersOnly()
    {
        var key = new VersionKey(SamplePlugin.Id.ToString(), Submissions.KeyOf(_package.Manifest.Version));
        foreach (var (region, users) in new (string?, int)[] { ("eu-west", 3), ("us-east", 1), (null, 2), ("eu-west", 2) })
        {
            var writer = new DownloadWriter(_market.Clock, MarketLimits.Default, region);
            var downloads = Enumerable.Range(0, users).Select(i => new Download(key, "1.0.0", DownloadCounts.DayOf(_market.Clock), null, $"{region} {i}", "lazyoc/1.0")).ToArray();
            await Database.WriteAsync(sql => writer.WriteAsync(sql, downloads), default);
        }

        var stats = Value(await _owner.PluginStatsAsync(SamplePlugin.Id, null, default));
        Assert.Equal([new NamedDownloads("eu-west", 3, 5), new NamedDownloads("us-east", 1, 1)], stats.Regions!.Value.ToArray());
        Assert.Equal(8, stats.Downloads.Downloads);
        Assert.Null(Value(await _market.Client().PluginStatsAsync(SamplePlugin.Id, null, default)).Regions);
    }

    [Fact]
    public async Task Installs_OfAnAccount_AreNotMultipliedByItsTokens()
    {
        for (var i = 0; i < 3; i++)
        {
            var token = Value(await _owner.CreateTokenAsync(new NewToken { Name = $"token {i}", Scopes = [TokenScope.Read] }, default)).Token;
            await _market.InstallAsync(SamplePlugin.Id, _package.Manifest.Version, token);
        }
        await Counts.FlushAsync(default);

        var stats = Value(await _owner.PluginStatsAsync(SamplePlugin.Id, null, default));

        Assert.Equal((1, 3), (stats.Downloads.Installs, stats.Downloads.Downloads));
    }

    [Fact]
    public async Task Agents_OfOneUser_MakeNoRows()
    {
        for (var i = 0; i < 20; i++) await DownloadAsync(_package, $"lazyoc/{i}.{i}.0");
        await DownloadAsync(_package, "lazyoc/123456789.1.0");
        await DownloadAsync(_package, "<script>alert(1)</script>,=1+1");
        await Counts.FlushAsync(default);

        var clients = Value(await _owner.PluginStatsAsync(SamplePlugin.Id, null, default)).Clients!.Value;

        // The first one is a user's; the others bring nothing that is not there.
        Assert.Equal([new NamedDownloads("other", 0, 21), new NamedDownloads("lazyoc/0.0", 1, 1)], clients.ToArray());
    }

    [Theory]
    [InlineData(32, 33)]
    // The control: it is this limit that keeps them few.
    [InlineData(1_000, 200)]
    public async Task Agents_OfManyUsers_MakeFewRows(int most, int rows)
    {
        var writer = new DownloadWriter(_market.Clock, new MarketLimits { MaxClientsOfDay = most }, region: null);
        var downloads = Enumerable.Range(0, 200).Select(i => new Download(new VersionKey("acme.demo", "1.0.0"), "1.0.0", 20_000, null, $"user {i}", ClientNames.Of($"lazyoc/{i}.0.0"))).ToArray();

        // As it comes, over several writes.
        foreach (var batch in downloads.Chunk(30)) await Database.WriteAsync(sql => writer.WriteAsync(sql, batch), default);

        Assert.Equal(rows, await Database.ReadAsync(sql => sql.FirstAsync<long>("SELECT COUNT(*) FROM downloads WHERE day = 20000"), default));
        Assert.Equal(200, await Database.ReadAsync(sql => sql.FirstAsync<long>("SELECT CAST(SUM(installs) AS BIGINT) FROM downloads WHERE day = 20000"), default));
    }

    [Fact]
    public async Task NoTable_HasTheAddressOfWhoDownloads()
    {
        await DownloadAsync(_package, "lazyoc/0.1.0");
        await _market.InstallAsync(SamplePlugin.Id, _package.Manifest.Version, Value(await _owner.CreateTokenAsync(new NewToken { Name = "t", Scopes = [TokenScope.Read] }, default)).Token);
        using var search = await _market.Http.GetAsync(new Uri(_market.Url, "v1/api/search?q=nothing-of-the-kind"));
        await Counts.FlushAsync(default);

        Assert.Empty(await TablesWithAsync("127.0.0.1"));
        Assert.Empty(await TablesWithAsync("::1"));

        // The control: what has it is found.
        Value(await _owner.CreateTokenAsync(new NewToken { Name = "here", Scopes = [TokenScope.Read], Networks = ["127.0.0.1/32"] }, default));
        Assert.Equal(["tokens"], await TablesWithAsync("127.0.0.1"));
    }

    [Fact]
    public async Task WhoWasCounted_IsForgottenTheDayAfterTomorrow_EvenIfNobodyDownloads()
    {
        await DownloadAsync(_package, "lazyoc/0.1.0");
        await Counts.FlushAsync(default);
        Assert.Equal(1, await CountAsync("download_marks"));
        Assert.Equal(1, await CountAsync("download_salts"));

        _market.Clock.Advance(TimeSpan.FromDays(2));
        await Counts.FlushAsync(default);

        Assert.Equal(0, await CountAsync("download_marks"));
        Assert.Equal(0, await CountAsync("download_salts"));
        Assert.Equal(1, await CountAsync("downloads"));
        _market.Clock.Advance(MarketLimits.Default.DownloadStatisticsTime);
        await Counts.FlushAsync(default);
        Assert.Equal(0, await CountAsync("downloads"));
        Assert.Equal(1, Value(await _market.Client().PluginAsync(SamplePlugin.Id, default)).Summary.Installs);
    }

    [Fact]
    public async Task Write_ThatFails_IsMadeAgain()
    {
        await DownloadAsync(_package, "lazyoc/0.1.0");
        await Database.WriteAsync(sql => sql.ExecuteAsync("ALTER TABLE download_salts RENAME TO gone"), default);
        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => Counts.FlushAsync(default));
        await Database.WriteAsync(sql => sql.ExecuteAsync("ALTER TABLE gone RENAME TO download_salts"), default);
        await DownloadAsync(_package, "lazyoc/0.1.0");

        await Counts.FlushAsync(default);

        Assert.Equal(2, Value(await _owner.PluginStatsAsync(SamplePlugin.Id, null, default)).Downloads.Downloads);
    }

    [Fact]
    public async Task Download_WaitsForNoWriter()
    {
        var release = new TaskCompletionSource();
        var writing = Database.WriteAsync(async _ => await release.Task, default);

        await DownloadAsync(_package, "lazyoc/0.1.0");
        var flush = Counts.FlushAsync(default);
        await DownloadAsync(_package, "lazyoc/0.1.0");

        // Though SQLite has one writer, for whom the counts wait.
        Assert.False(writing.IsCompleted);
        release.SetResult();
        await writing;
        await flush;
    }

    [Fact]
    public async Task Downloads_AreWrittenByThemselves_InFiveSecondsAtMost()
    {
        Assert.Equal(TimeSpan.FromSeconds(5), MarketLimits.Default.CountInterval);
        await using var market = await MarketFixture.StartAsync(new MarketLimits { CountInterval = TimeSpan.FromMilliseconds(50) }, []);
        var owner = await market.OwnerAsync();
        await market.LiveAsync(owner, SamplePlugin.Package());
        await market.InstallAsync(SamplePlugin.Id, _package.Manifest.Version);

        while (Value(await owner.PluginStatsAsync(SamplePlugin.Id, 1, default)).Downloads.Downloads == 0) await Task.Delay(20);
    }

    private DownloadCounts Counts => _market.Server.Services.GetRequiredService<DownloadCounts>();

    private Database Database => _market.Server.Services.GetRequiredService<Database>();

    private async Task DownloadAsync(PluginPackage package, string agent)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_market.Url, $"v1/packages/{package.Digest}.lzp"));
        request.Headers.TryAddWithoutValidation("User-Agent", agent);
        using var response = await _market.Http.SendAsync(request);
        response.EnsureSuccessStatusCode();
        await response.Content.ReadAsByteArrayAsync();
    }

    private Task<long> CountAsync(string table) => Database.ReadAsync(sql => sql.FirstAsync<long>($"SELECT COUNT(*) FROM {table}"), default);

    /// <summary>The tables of which a column of a row has a text in it.</summary>
    private Task<string[]> TablesWithAsync(string text) => Database.ReadAsync(async sql =>
    {
        var found = new List<string>();
        var tables = Database.Dialect.Name == "postgres"
            ? "SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' ORDER BY table_name"
            : "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name";
        foreach (var table in await sql.ListAsync<string>(tables))
        {
            var rows = await sql.ListAsync<dynamic>($"SELECT * FROM \"{table}\"");
            var values = rows.Cast<IDictionary<string, object?>>().SelectMany(row => row.Values).Select(value => value is byte[] bytes ? System.Text.Encoding.Latin1.GetString(bytes) : Convert.ToString(value, CultureInfo.InvariantCulture) ?? "");
            if (values.Any(value => value.Contains(text, StringComparison.Ordinal))) found.Add(table);
        }
        return found.ToArray();
    }, default);
}
