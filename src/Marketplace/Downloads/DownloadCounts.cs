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
    private readonly Database _database;
    private readonly DownloadWriter _writer;
    private readonly TimeProvider _time;
    private readonly MarketLimits _limits;
    private readonly MarketMetrics _metrics;
    private readonly ILogger<DownloadCounts> _log;
    private readonly Channel<Download> _waiting;
    private readonly SemaphoreSlim _flushing = new(1);

    // Taken and not written yet: a write that fails is made again.
    private readonly List<Download> _batch = [];
    private long _dropped;
    private long _cleaned;

    public DownloadCounts(Database database, TimeProvider time, MarketLimits limits, MarketOptions options, MarketMetrics metrics, ILogger<DownloadCounts> log)
    {
        (_database, _time, _limits, _metrics, _log) = (database, time, limits, metrics, log);
        _writer = new DownloadWriter(time, limits, options.Region);
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
        // An account is one user, however many tokens it makes.
        var download = new Download(key, version, DayOf(_time), caller?.AccountId, caller?.AccountId ?? RequestLimits.AddressOf(context), ClientNames.Of(context.Request.Headers.UserAgent.ToString()));
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

    /// <summary>Writes what waits, and forgets what is old.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        await _flushing.WaitAsync(cancellationToken);
        try
        {
            // What comes meanwhile is for the next time.
            for (var left = _batch.Count + Waiting; left > 0; left -= _limits.MaxDownloadsWritten)
            {
                while (_batch.Count < _limits.MaxDownloadsWritten && _waiting.Reader.TryRead(out var download)) _batch.Add(download);
                if (_batch.Count > 0) await _database.WriteAsync(sql => _writer.WriteAsync(sql, _batch), cancellationToken);
                _batch.Clear();
            }
            var today = DayOf(_time);
            if (today == _cleaned) return;
            await _database.WriteAsync(sql => _writer.ForgetAsync(sql, today), cancellationToken);
            _cleaned = today;
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

    [LoggerMessage(Level = LogLevel.Error, Message = "downloads could not be counted; it is tried again")]
    private static partial void LogFailed(ILogger log, Exception error);
}

/// <summary>A download that is to be counted.</summary>
/// <param name="Key">The version.</param>
/// <param name="Version">As people see it.</param>
/// <param name="Day">Days since 1970.</param>
/// <param name="Account">Who has signed in; null for anybody.</param>
/// <param name="Who">What users are told apart by; it is not kept.</param>
/// <param name="Client">The name that its program asks for.</param>
internal sealed record Download(VersionKey Key, string Version, long Day, string? Account, string Who, string Client);
