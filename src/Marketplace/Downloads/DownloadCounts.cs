using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading.Channels;
using LazyOC.Marketplace.Accounts;
using LazyOC.Marketplace.Api;
using LazyOC.Marketplace.Data;
using LazyOC.Marketplace.Operations;
using LazyOC.Marketplace.Publishing;

namespace LazyOC.Marketplace.Downloads;

/// <summary>
/// Counts downloads without holding one up: they wait in memory and are written many at a time. What a crash loses is what came
/// since the last time. Thread safe.
/// </summary>
internal sealed partial class DownloadCounts : BackgroundService
{
    private const string OtherClient = "other";

    private readonly Database _database;
    private readonly TimeProvider _time;
    private readonly MarketLimits _limits;
    private readonly MarketMetrics _metrics;
    private readonly ILogger<DownloadCounts> _log;
    private readonly Channel<Download> _waiting;
    private readonly SemaphoreSlim _flushing = new(1);
    private long _dropped;

    public DownloadCounts(Database database, TimeProvider time, MarketLimits limits, MarketMetrics metrics, ILogger<DownloadCounts> log)
    {
        (_database, _time, _limits, _metrics, _log) = (database, time, limits, metrics, log);
        _waiting = Channel.CreateBounded<Download>(new BoundedChannelOptions(limits.MaxDownloadsWaiting) { SingleReader = true });
    }

    /// <summary>Downloads that were not counted because too many were waiting.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Downloads that wait to be counted.</summary>
    public int Waiting => _waiting.Reader.Count;

    /// <summary>Counts a download, when it begins to be sent from its beginning.</summary>
    public void Add(HttpContext context, VersionKey key, string version)
    {
        if (!HttpMethods.IsGet(context.Request.Method)) return;
        var caller = context.Caller();
        var download = new Download(key, version, DayOf(_time), caller?.AccountId, caller?.Token?.Id ?? caller?.AccountId ?? RequestLimits.AddressOf(context), ClientOf(context.Request.Headers.UserAgent.ToString()));
        context.Response.OnStarting(() =>
        {
            var response = context.Response;
            var isFromStart = response.StatusCode == StatusCodes.Status200OK
                || (response.StatusCode == StatusCodes.Status206PartialContent && response.Headers.ContentRange.ToString().StartsWith("bytes 0-", StringComparison.Ordinal));
            if (isFromStart) _metrics.Downloaded();
            if (isFromStart && !_waiting.Writer.TryWrite(download)) Interlocked.Increment(ref _dropped);
            return Task.CompletedTask;
        });
    }

    /// <summary>Writes what waits.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        await _flushing.WaitAsync(cancellationToken);
        try
        {
            var batch = new List<Download>();
            while (batch.Count < _limits.MaxDownloadsWaiting && _waiting.Reader.TryRead(out var download)) batch.Add(download);
            if (batch.Count > 0) await _database.WriteAsync(sql => WriteAsync(sql, batch), cancellationToken);
        }
        finally
        {
            _flushing.Release();
        }
    }

    public static long DayOf(TimeProvider time) => time.Now() / (long)TimeSpan.FromDays(1).TotalMilliseconds;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await FlushAsync(cancellationToken);
    }

    public override void Dispose()
    {
        _flushing.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(_limits.CountInterval, _time, stoppingToken);
            try
            {
                await FlushAsync(stoppingToken);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                LogFailed(_log, error);
            }
        }
    }

    private async Task WriteAsync(Sql sql, IReadOnlyList<Download> batch)
    {
        var counts = new Dictionary<(VersionKey Key, long Day, string Client), (long Installs, long Downloads)>();
        var salts = new Dictionary<long, string>();
        foreach (var download in batch)
        {
            if (!salts.TryGetValue(download.Day, out var salt)) salts[download.Day] = salt = await SaltAsync(sql, download.Day);
            var mark = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{salt} {download.Who} {download.Key}")));
            var isNew = await sql.ExecuteAsync("INSERT INTO download_marks (day, mark) VALUES (@Day, @mark) ON CONFLICT (day, mark) DO NOTHING", new { download.Day, mark });
            var place = (download.Key, download.Day, download.Client);
            var before = counts.GetValueOrDefault(place);
            counts[place] = (before.Installs + isNew, before.Downloads + 1);
            if (download.Account is { } account)
                await sql.ExecuteAsync(
                    "INSERT INTO installations (account_id, plugin_id, version, at) VALUES (@account, @PluginId, @Version, @Now) ON CONFLICT (account_id, plugin_id) DO UPDATE SET version = excluded.version, at = excluded.at",
                    new { account, download.Key.PluginId, download.Version, Now = _time.Now() });
        }
        foreach (var ((key, day, client), (installs, downloads)) in counts)
        {
            var values = new { key.PluginId, key.Key, day, client, installs, downloads };
            await sql.ExecuteAsync(
                """
                INSERT INTO downloads (plugin_id, version_key, day, client, installs, downloads) VALUES (@PluginId, @Key, @day, @client, @installs, @downloads)
                ON CONFLICT (plugin_id, version_key, day, client) DO UPDATE SET installs = downloads.installs + excluded.installs, downloads = downloads.downloads + excluded.downloads
                """, values);
            await sql.ExecuteAsync("UPDATE versions SET installs = installs + @installs WHERE plugin_id = @PluginId AND version_key = @Key", values);
            await sql.ExecuteAsync("UPDATE plugins SET installs = installs + @installs WHERE id = @PluginId", values);
        }
        // Yesterday's are kept for downloads that are still to be counted.
        var today = new { Before = DayOf(_time) - 1 };
        await sql.ExecuteAsync("DELETE FROM download_marks WHERE day < @Before", today);
        await sql.ExecuteAsync("DELETE FROM download_salts WHERE day < @Before", today);
    }

    private static async Task<string> SaltAsync(Sql sql, long day)
    {
        await sql.ExecuteAsync("INSERT INTO download_salts (day, salt) VALUES (@day, @Salt) ON CONFLICT (day) DO NOTHING", new { day, Salt = Secrets.Create("") });
        return (await sql.FirstAsync<string>("SELECT salt FROM download_salts WHERE day = @day", new { day }))!;
    }

    private static string ClientOf(string userAgent) => Client().Match(userAgent) is { Success: true } match ? match.Value : OtherClient;

    [GeneratedRegex(@"^lazyoc/[0-9]{1,4}\.[0-9]{1,4}(\.[0-9]{1,4})?", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Client();

    [LoggerMessage(Level = LogLevel.Error, Message = "downloads could not be counted")]
    private static partial void LogFailed(ILogger log, Exception error);

    private sealed record Download(VersionKey Key, string Version, long Day, string? Account, string Who, string Client);
}
