using System.Collections.Immutable;
using LazyOC.Marketplace.Accounts;
using LazyOC.Marketplace.Api;
using LazyOC.Marketplace.Data;
using LazyOC.Marketplace.Downloads;
using LazyOC.Marketplace.Protocol.Api;

namespace LazyOC.Marketplace.Statistics;

/// <summary>
/// What people search for and do not find, for those who look after the marketplace. It is kept without who searched, nothing that
/// looks like a number or an address of somebody is, and what is searched for often stays when there is too much. Thread safe.
/// </summary>
internal sealed partial class SearchMisses(Database database, TimeProvider time, MarketLimits limits, ILogger<SearchMisses> log) : BackgroundService
{
    private const int MaxWords = 4;
    private const int MaxListed = 200;

    private readonly Lock _lock = new();
    private Dictionary<string, long> _waiting = new(StringComparer.Ordinal);

    /// <summary>Counts a search without results; it is written a little later.</summary>
    /// <param name="text">As it was typed.</param>
    /// <param name="words">Its words.</param>
    public void Add(string text, ImmutableArray<string> words)
    {
        // Addresses of mail and machines, numbers of telephones and the like are nobody's business.
        if (words.Length is 0 or > MaxWords || text.Contains('@') || words.Any(word => word.All(char.IsDigit))) return;
        var term = string.Join(' ', words);
        if (term.Length > limits.MaxSearchMissChars) return;
        lock (_lock)
        {
            if (_waiting.TryGetValue(term, out var count)) _waiting[term] = count + 1;
            else if (_waiting.Count < limits.MaxSearchMisses) _waiting[term] = 1;
        }
    }

    /// <summary>Writes what waits, and keeps what is most frequent.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        Dictionary<string, long> batch;
        lock (_lock)
        {
            if (_waiting.Count == 0) return;
            (batch, _waiting) = (_waiting, new(StringComparer.Ordinal));
        }
        var day = DownloadCounts.DayOf(time);
        await database.WriteAsync(async sql =>
        {
            foreach (var (term, count) in batch)
                await sql.ExecuteAsync(
                    """
                    INSERT INTO missed_searches (term, searches, first_day, last_day) VALUES (@term, @count, @day, @day)
                    ON CONFLICT (term) DO UPDATE SET searches = missed_searches.searches + excluded.searches, last_day = excluded.last_day
                    """, new { term, count, day });
            await sql.ExecuteAsync("DELETE FROM missed_searches WHERE last_day < @Before", new { Before = day - (long)limits.SearchMissTime.TotalDays });
            await sql.ExecuteAsync("DELETE FROM missed_searches WHERE term NOT IN (SELECT term FROM missed_searches ORDER BY searches DESC, last_day DESC, term LIMIT @MaxSearchMisses)", limits);
        }, cancellationToken);
    }

    /// <summary>The most frequent ones, for admins.</summary>
    public async Task<Answer<SearchMissList>> ListAsync(Caller caller, CancellationToken cancellationToken)
    {
        if (caller.LacksAdministration() is { } refusal) return refusal;
        var rows = await database.ReadAsync(sql => sql.ListAsync<Row>("SELECT term, searches, first_day, last_day FROM missed_searches ORDER BY searches DESC, last_day DESC, term LIMIT @MaxListed", new { MaxListed }), cancellationToken);
        return new SearchMissList([.. rows.Select(row => new SearchMiss(row.Term, row.Searches, DownloadStatistics.DateOf(row.FirstDay), DownloadStatistics.DateOf(row.LastDay)))]);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(limits.CountInterval, time, stoppingToken);
            try
            {
                await FlushAsync(stoppingToken);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                // What waited is lost: it is a hint for people, and no record of anything.
                LogFailed(log, error);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "searches without results could not be counted")]
    private static partial void LogFailed(ILogger log, Exception error);

    private sealed record Row
    {
        public string Term { get; init; } = "";

        public long Searches { get; init; }

        public long FirstDay { get; init; }

        public long LastDay { get; init; }
    }
}
