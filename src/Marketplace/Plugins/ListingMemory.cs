using System.Collections.Concurrent;
using LazyOC.Marketplace.Data;

namespace LazyOC.Marketplace.Plugins;

/// <summary>
/// What was found out about all that is listed, for anybody, kept for a while: until a plugin is listed otherwise, or, where other
/// nodes may have done that, for the time in the limits. Who asks while it is being found out waits for that. Thread safe.
/// </summary>
internal sealed class ListingMemory<TKey, TValue>(Database database, TimeProvider time, MarketLimits limits)
    where TKey : notnull
{
    private readonly ConcurrentDictionary<TKey, Kept> _kept = new();

    /// <summary>What is known, else what <paramref name="find"/> finds out; one that fails is not kept.</summary>
    public async Task<TValue> OfAsync(TKey key, Func<Task<TValue>> find)
    {
        // Before it is looked up: a change that comes meanwhile makes it old.
        var (now, changes) = (time.Now(), database.Dialect.ListingChanges);
        var fresh = new Kept(new Lazy<Task<TValue>>(find), changes, now + (long)limits.SearchTime.TotalMilliseconds);
        if (_kept.Count >= limits.MaxSearchesKept) _kept.Clear();
        var kept = _kept.AddOrUpdate(key, fresh, (_, known) => known.Changes == changes && known.Until > now ? known : fresh);
        try
        {
            return await kept.Value.Value;
        }
        catch
        {
            _kept.TryRemove(new KeyValuePair<TKey, Kept>(key, kept));
            throw;
        }
    }

    private sealed record Kept(Lazy<Task<TValue>> Value, long Changes, long Until);
}
