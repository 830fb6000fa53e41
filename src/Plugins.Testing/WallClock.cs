namespace LazyOC.Plugins.Testing;

/// <summary>Tells the cluster's time of day, which stands still, and lets timers and deadlines run by the real clock.</summary>
internal sealed class WallClock(TimeProvider cluster) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => cluster.GetUtcNow();
}
