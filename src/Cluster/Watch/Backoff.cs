using LazyOC.Cluster.Errors;

namespace LazyOC.Cluster.Watch;

/// <summary>Waits between tries: doubling from the first to the longest, with jitter so that many clients spread out.</summary>
internal sealed class Backoff(ClusterLimits limits, Random random)
{
    private TimeSpan _next = limits.MinBackoff;

    public void Reset() => _next = limits.MinBackoff;

    /// <summary>The next wait: what the server asks for, else our own.</summary>
    public TimeSpan Next(ClusterException? cause)
    {
        var asked = cause switch
        {
            TooManyRequestsException tooMany => tooMany.RetryAfter,
            ServerFailureException failure => failure.RetryAfter,
            _ => null,
        };
        var own = _next * (0.75 + (random.NextDouble() * 0.5));
        _next = Min(_next * 2, limits.MaxBackoff);
        return asked is { } wait ? Min(wait, limits.MaxBackoff) : own;
    }

    private static TimeSpan Min(TimeSpan left, TimeSpan right) => left < right ? left : right;
}
