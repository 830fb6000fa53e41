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

    /// <summary>How long beyond its time something is still told to who asks for it, while it is found out anew.</summary>
    public TimeSpan OldTime { get; init; }

    /// <summary>What is known, else what <paramref name="find"/> finds out; one that fails is not kept.</summary>
    public async Task<TValue> OfAsync(TKey key, Func<Task<TValue>> find)
    {
        // Before it is looked up: a change that comes meanwhile makes it old.
        var (now, changes) = (time.Now(), database.Dialect.ListingChanges);
        var fresh = new Kept(new Lazy<Task<TValue>>(find), changes, now + (long)limits.SearchTime.TotalMilliseconds);
        if (_kept.Count >= limits.MaxSearchesKept) _kept.Clear();
        var kept = _kept.AddOrUpdate(key, fresh, (_, known) => known.Changes == changes && now < known.Until + (long)OldTime.TotalMilliseconds ? known : fresh);
        if (kept.Until <= now && kept.Value.Value.IsCompletedSuccessfully && kept.BeginsToRenew()) _ = RenewAsync(key, kept, fresh);
        return await FoundAsync(key, kept);
    }

    private async Task RenewAsync(TKey key, Kept old, Kept fresh)
    {
        // Who has it shown does not wait.
        await Task.Yield();
        try
        {
            await FoundAsync(key, fresh);
            _kept.TryUpdate(key, fresh, old);
        }
#pragma warning disable CA1031 // The next who asks looks it up, and hears why it fails.
        catch
#pragma warning restore CA1031
        {
            _kept.TryRemove(new KeyValuePair<TKey, Kept>(key, old));
        }
    }

    private async Task<TValue> FoundAsync(TKey key, Kept kept)
    {
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

    private sealed class Kept(Lazy<Task<TValue>> value, long changes, long until)
    {
        private int _isRenewed;

        public Lazy<Task<TValue>> Value => value;

        public long Changes => changes;

        public long Until => until;

        /// <summary>True for the first who asks.</summary>
        public bool BeginsToRenew() => Interlocked.Exchange(ref _isRenewed, 1) == 0;
    }
}
