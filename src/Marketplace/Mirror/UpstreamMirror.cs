using System.Collections.Concurrent;
using System.Text;
using LazyOC.Marketplace.Api;
using LazyOC.Marketplace.Data;
using LazyOC.Marketplace.Operations;
using LazyOC.Marketplace.Protocol;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Marketplace.Protocol.Client;
using LazyOC.Marketplace.Registry;
using LazyOC.Marketplace.Storage;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Versions;

namespace LazyOC.Marketplace.Mirror;

/// <summary>
/// Passes on the plugins of another registry: fetched when they are asked for, believed only with that registry's signatures,
/// kept, and served with this registry's own. Publishers of this registry are never asked for elsewhere. Thread safe.
/// </summary>
internal sealed partial class UpstreamMirror : IDisposable
{
    private readonly Database _database;
    private readonly MirrorRecords _records;
    private readonly PackageStorage _packages;
    private readonly MarketLimits _limits;
    private readonly TimeProvider _time;
    private readonly ILogger<UpstreamMirror> _log;
    private readonly UpstreamRules _rules;
    private readonly Upstream? _upstream;
    private readonly CancellationToken _stopping;

    // What is under way is waited for by all who want it, and goes on when the first of them has left.
    private readonly ConcurrentDictionary<string, Lazy<Task<Refusal?>>> _underway = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, DateTimeOffset> _misses = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _places;
    private DateTimeOffset _silentUntil;

    public UpstreamMirror(Database database, MirrorRecords records, PackageStorage packages, MarketOptions options, MarketLimits limits, TimeProvider time, IHostApplicationLifetime lifetime, ILogger<UpstreamMirror> log)
    {
        (_database, _records, _packages, _limits, _time, _log) = (database, records, packages, limits, time, log);
        _rules = options.Upstream?.Rules ?? UpstreamRules.Everything;
        if (options.Upstream is { IsFrozen: false } upstream) _upstream = new Upstream(upstream, limits, time, Path.Combine(options.DataDirectory, "incoming"));
        _places = new SemaphoreSlim(limits.UpstreamRequestsAtOnce);
        _stopping = lifetime.ApplicationStopping;
    }

    public void Dispose()
    {
        _upstream?.Dispose();
        _places.Dispose();
    }

    /// <summary>The index of a plugin that is not this registry's own.</summary>
    public async Task<Answer<SignedDocument>> IndexAsync(PluginId id, CancellationToken cancellationToken) =>
        _rules.MayAsk(id) ? await DocumentAsync(RegistryPaths.IndexOf(id), id.Publisher, cancellationToken) : NoFile;

    /// <summary>The keys of a publisher that is not this registry's own.</summary>
    public async Task<Answer<SignedDocument>> PublisherAsync(string publisher, CancellationToken cancellationToken) =>
        _rules.MayAsk(publisher) ? await DocumentAsync(RegistryPaths.PublisherOf(publisher), publisher, cancellationToken) : NoFile;

    /// <summary>A version whose package is here, or comes now.</summary>
    public async Task<Answer<MirroredVersion>> PackageAsync(Digest digest, CancellationToken cancellationToken)
    {
        var (row, isOwn) = await FindAsync(digest, cancellationToken);
        if (row is null || isOwn || !_rules.Permits(PluginId.Parse(row.PluginId), SemanticVersion.Parse(row.Version))) return NoFile;
        // What is said of it by now decides whether it is handed out.
        if (_upstream is not null && await RefreshAsync(RegistryPaths.IndexOf(PluginId.Parse(row.PluginId)), cancellationToken) is { } unsaid) return unsaid;
        if (await FindAsync(digest, cancellationToken) is not ({ } now, false)) return NoFile;
        if (now.Withdrawn is { } reason) return new Refusal(ProblemTypes.Gone, reason);
        if (now.Stored is not null) return now;
        if (_upstream is null) return NoFile;
        if (await RefreshAsync(RegistryPaths.PublisherOf(PluginId.Parse(now.PluginId).Publisher), cancellationToken) is { } unknown) return unknown;
        if (await TogetherAsync(digest.ToString(), token => FetchAsync(_upstream, digest, token), why => Late(digest.ToString(), why), cancellationToken) is { } refusal) return refusal;
        return (await FindAsync(digest, cancellationToken)).Row is { Stored: not null } stored ? stored : Unavailable("what the upstream registry sent cannot be believed");
    }

    private static Refusal NoFile => Refusal.NotFound("such file in this registry");

    private static Refusal Unavailable(string why) => new(ProblemTypes.Unavailable, why) { RetryAfter = TimeSpan.FromSeconds(30), Hint = "try again later; what this registry has of it already goes on" };

    private Task<(MirroredVersion? Row, bool IsOwn)> FindAsync(Digest digest, CancellationToken cancellationToken) => _database.ReadAsync(async sql =>
    {
        var row = await MirrorRecords.FindAsync(sql, digest);
        return (row, row is not null && await MirrorRecords.IsOwnAsync(sql, PluginId.Parse(row.PluginId).Publisher));
    }, cancellationToken);

    private async Task<Answer<SignedDocument>> DocumentAsync(string path, string publisher, CancellationToken cancellationToken)
    {
        if (await _database.ReadAsync(sql => MirrorRecords.IsOwnAsync(sql, publisher), cancellationToken)) return NoFile;
        if (_upstream is not null && await RefreshAsync(path, cancellationToken) is { } refusal) return refusal;
        return await _records.ServeAsync(_database, path, _rules, isFrozen: _upstream is null, cancellationToken) is { } document ? document : NoFile;
    }

    /// <summary>Sees to it that a document is as new as the upstream has it; null, or why it cannot be served.</summary>
    private async Task<Refusal?> RefreshAsync(string path, CancellationToken cancellationToken)
    {
        var row = await _database.ReadAsync(sql => MirrorRecords.FindAsync(sql, path), cancellationToken);
        var now = _time.GetUtcNow();
        if (row is not null && now - Stored.Time(row.Checked) < _limits.UpstreamCheckInterval && Stored.Time(row.OriginalExpires) > now) return null;
        if (row is null && _misses.TryGetValue(path, out var until) && until > now) return NoFile;
        // One that does not answer is not waited for by everybody.
        if (_silentUntil > now) return Remain(row);
        return await TogetherAsync(path, token => CheckAsync(_upstream!, path, row, token), why => Remain(path, row, why, isSilent: true), cancellationToken);
    }

    private async Task<Refusal?> CheckAsync(Upstream upstream, string path, MirroredDocument? row, CancellationToken cancellationToken)
    {
        if (!(await upstream.RootsAsync(cancellationToken)).TryGet(out var roots, out var problems)) return Remain(path, row, Problem.Join(problems), isSilent: problems.Any(problem => problem.MayPass));
        var seen = row?.Roots == MirrorRecords.TextOf(roots) ? row : null;
        var isIndex = MirrorRecords.IsIndex(path);
        var isGood = seen is not null && Stored.Time(seen.OriginalExpires) > _time.GetUtcNow();
        switch (await upstream.FetchAsync(path, isGood ? seen!.Etag : null, isIndex ? RegistryLimits.Default.MaxIndexBytes : RegistryLimits.Default.MaxPublisherBytes, cancellationToken))
        {
            case Fetched.File file when isIndex:
                if (!Upstream.ReadIndex(file.Bytes, MirrorRecords.IdOf(path), roots, _time.GetUtcNow(), seen?.OriginalSequence ?? 0).TryGet(out var index, out problems)) return Remain(path, row, Problem.Join(problems));
                await _database.WriteAsync(sql => _records.StoreAsync(sql, index, file.Bytes, file.ETag, roots), cancellationToken);
                return null;
            case Fetched.File file:
                if (!Upstream.ReadPublisher(file.Bytes, Path.GetFileNameWithoutExtension(path), roots, _time.GetUtcNow(), seen?.OriginalSequence ?? 0).TryGet(out var keys, out problems)) return Remain(path, row, Problem.Join(problems));
                await _database.WriteAsync(sql => _records.StoreAsync(sql, keys, file.Bytes, file.ETag, roots), cancellationToken);
                return null;
            case Fetched.NotModified when isGood:
                await _database.WriteAsync(sql => _records.TouchAsync(sql, path), cancellationToken);
                return null;
            case Fetched.Missing when row is null:
                Miss(path);
                return NoFile;
            case Fetched.Missing:
                return Remain(path, row, "it was there before, and is withheld now");
            case Fetched.Refused refused:
                return Remain(path, row, refused.Why.ToString(), refused.IsUnreachable);
            case var other:
                return Remain(path, row, $"it came as {other.GetType().Name}");
        }
    }

    /// <summary>What is stored goes on, for as long as the upstream said that it is good.</summary>
    private Refusal? Remain(string path, MirroredDocument? row, string why, bool isSilent = false)
    {
        LogUpstream(_log, path, why);
        if (isSilent) _silentUntil = _time.GetUtcNow() + _limits.UpstreamPause;
        return Remain(row);
    }

    private Refusal? Remain(MirroredDocument? row)
    {
        if (row is null) return Unavailable("the upstream registry cannot be asked, and nothing of this is stored");
        return Stored.Time(row.OriginalExpires) > _time.GetUtcNow() ? null : Unavailable("the upstream registry cannot be asked, and what it said before has expired");
    }

    private async Task<Refusal?> FetchAsync(Upstream upstream, Digest digest, CancellationToken cancellationToken)
    {
        var (row, _) = await FindAsync(digest, cancellationToken);
        if (row is null) return NoFile;
        if (row.Stored is not null) return null;
        var id = PluginId.Parse(row.PluginId);
        var used = await _database.ReadAsync(sql => sql.FirstAsync<long>("SELECT CAST(COALESCE(SUM(size), 0) AS BIGINT) FROM mirrored_versions WHERE stored IS NOT NULL"), cancellationToken);
        if (used + row.Size > _limits.MaxMirroredBytes) return new Refusal(ProblemTypes.QuotaExceeded, $"this registry keeps {_limits.MaxMirroredBytes:N0} bytes of its upstream's packages, and no more");
        if (!(await upstream.RootsAsync(cancellationToken)).TryGet(out var roots, out var problems)) return Fail(row, problems);
        var path = RegistryPaths.PublisherOf(id.Publisher);
        var keys = (await _database.ReadAsync(sql => MirrorRecords.FindAsync(sql, path), cancellationToken))!;
        if (!Upstream.ReadPublisher(Encoding.UTF8.GetBytes(keys.Original), id.Publisher, roots, _time.GetUtcNow(), keys.OriginalSequence).TryGet(out var publisher, out problems)) return Fail(row, problems);
        var line = IndexLine.Read(Encoding.UTF8.GetBytes(row.Line)).OrThrow();
        if (!(await upstream.PackageAsync(id, line, roots, publisher.Keys, cancellationToken)).TryGet(out var verified, out problems)) return Fail(row, problems);
        await KeepAsync(_packages, verified, cancellationToken);
        await _database.WriteAsync(sql => _records.AdmitAsync(sql, id, line, verified.Authors), cancellationToken);
        return null;
    }

    /// <summary>Puts the bytes of a package among the packages.</summary>
    internal static async Task KeepAsync(PackageStorage packages, VerifiedPackage verified, CancellationToken cancellationToken)
    {
        await using var incoming = packages.Begin();
        await incoming.AppendAsync(verified.Package.Bytes, cancellationToken);
        await packages.KeepAsync(incoming, await incoming.EndAsync(), cancellationToken);
    }

    private Refusal Late(string what, string why)
    {
        LogUpstream(_log, what, why);
        return Unavailable("the upstream registry did not answer in time");
    }

    private Refusal Fail(MirroredVersion row, IEnumerable<Problem> problems)
    {
        LogUpstream(_log, $"{row.PluginId} {row.Version}", Problem.Join([.. problems]));
        return Unavailable("the upstream registry did not give this package, or not as its index lists it");
    }

    /// <summary>Does something once for all who ask for it at the same time, within the time and the places that there are for it.</summary>
    private async Task<Refusal?> TogetherAsync(string key, Func<CancellationToken, Task<Refusal?>> act, Func<string, Refusal?> whenLate, CancellationToken cancellationToken)
    {
        var task = _underway.GetOrAdd(key, _ => new Lazy<Task<Refusal?>>(() => Task.Run(ActAsync, CancellationToken.None))).Value;
        return await task.WaitAsync(cancellationToken);

        async Task<Refusal?> ActAsync()
        {
            using var trace = Tracing.Start("upstream", "upstream.kind", key.Split('/') is ["v1", var kind, ..] ? kind : "package");
            using var late = CancellationTokenSource.CreateLinkedTokenSource(_stopping);
            late.CancelAfter(_limits.UpstreamTime);
            try
            {
                await _places.WaitAsync(late.Token);
                try
                {
                    return await act(late.Token);
                }
                finally
                {
                    _places.Release();
                }
            }
            catch (OperationCanceledException) when (late.IsCancellationRequested)
            {
                return whenLate($"it took more than {_limits.UpstreamTime.TotalSeconds:0} seconds");
            }
            finally
            {
                _underway.TryRemove(key, out _);
            }
        }
    }

    private void Miss(string path)
    {
        // Who asks for names that are nowhere fills no memory.
        if (_misses.Count >= _limits.MaxUpstreamMisses) _misses.Clear();
        _misses[path] = _time.GetUtcNow() + _limits.UpstreamCheckInterval;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "the upstream registry and {What}: {Why}")]
    private static partial void LogUpstream(ILogger log, string what, string why);
}
