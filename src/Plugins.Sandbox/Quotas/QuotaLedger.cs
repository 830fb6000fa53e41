using System.Collections.Concurrent;
using System.Collections.Immutable;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Plugins.Sandbox.Quotas;

/// <summary>What one plugin used and was refused of one class.</summary>
/// <param name="Taken">Tokens taken.</param>
/// <param name="Refused">Times that too few were left.</param>
public readonly record struct QuotaCount(long Taken, long Refused);

/// <summary>Token buckets of every plugin. Thread safe. A plugin's buckets outlive its instances, so that a restart wins nothing.</summary>
public sealed class QuotaLedger(SandboxLimits limits, TimeProvider time)
{
    private static readonly ImmutableArray<QuotaClass> Classes = [.. Enum.GetValues<QuotaClass>()];

    private readonly ConcurrentDictionary<PluginId, ImmutableArray<TokenBucket>> _plugins = new();

    /// <summary>Takes tokens, all or none.</summary>
    /// <param name="plugin">Whose.</param>
    /// <param name="quota">Of which bucket.</param>
    /// <param name="tokens">How many; a cost above the burst never fits.</param>
    /// <param name="retryAfter">When they will be there, if they are not now.</param>
    public bool TryTake(PluginId plugin, QuotaClass quota, double tokens, out TimeSpan retryAfter) =>
        BucketsOf(plugin)[(int)quota].TryTake(tokens, out retryAfter);

    /// <summary>Lets a plugin draw at other rates from now on; what it has left stays, as far as it fits, and so does what was counted.</summary>
    public void SetRates(PluginId plugin, SandboxLimits own)
    {
        var buckets = BucketsOf(plugin);
        foreach (var quota in Classes) buckets[(int)quota].SetRate(own.RateOf(quota));
    }

    /// <summary>What a plugin used of a class so far.</summary>
    public QuotaCount CountOf(PluginId plugin, QuotaClass quota) => BucketsOf(plugin)[(int)quota].Count;

    private ImmutableArray<TokenBucket> BucketsOf(PluginId plugin) =>
        _plugins.GetOrAdd(plugin, static (_, ledger) => [.. Classes.Select(c => new TokenBucket(ledger.Limits.RateOf(c), ledger.Time))], this);

    private SandboxLimits Limits => limits;

    private TimeProvider Time => time;
}
