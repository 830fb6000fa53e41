namespace LazyOC.Marketplace.Tests;

/// <summary>The system's clock, some time later.</summary>
internal sealed class TestClock : TimeProvider
{
    private long _aheadTicks;

    public void Advance(TimeSpan time) => Interlocked.Add(ref _aheadTicks, time.Ticks);

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref _aheadTicks));
}
