using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Sandbox.Quotas;

namespace LazyOC.Plugins.Sandbox.Tests.Quotas;

public sealed class QuotaLedgerTests
{
    private static readonly PluginId Plugin = PluginId.Parse("acme.test");

    private readonly ManualTime _time = new();

    [Fact]
    public void TryTake_QuietForLong_GivesTheBurstAndNoMore()
    {
        var ledger = new QuotaLedger(new SandboxLimits { HostCalls = new(PerSecond: 10, Burst: 20) }, _time);
        _time.Advance(TimeSpan.FromHours(1));

        var given = Enumerable.Range(0, 100).Count(_ => ledger.TryTake(Plugin, QuotaClass.HostCalls, 1, out var _));

        Assert.Equal(20, given);
        Assert.Equal(new QuotaCount(20, 80), ledger.CountOf(Plugin, QuotaClass.HostCalls));
    }

    [Fact]
    public void TryTake_TooFewLeft_TakesNoneAndSaysWhen()
    {
        var ledger = new QuotaLedger(new SandboxLimits { HostCalls = new(PerSecond: 10, Burst: 20) }, _time);
        Assert.True(ledger.TryTake(Plugin, QuotaClass.HostCalls, 15, out _));

        Assert.False(ledger.TryTake(Plugin, QuotaClass.HostCalls, 10, out var retryAfter));

        Assert.Equal(TimeSpan.FromMilliseconds(500), retryAfter);
        Assert.True(ledger.TryTake(Plugin, QuotaClass.HostCalls, 5, out _));
    }

    [Fact]
    public void TryTake_SustainedUse_FollowsTheRate()
    {
        var ledger = new QuotaLedger(new SandboxLimits { HostCalls = new(PerSecond: 10, Burst: 5) }, _time);
        var given = 0;
        for (var i = 0; i < 1_000; i++)
        {
            if (ledger.TryTake(Plugin, QuotaClass.HostCalls, 1, out _)) given++;
            _time.Advance(TimeSpan.FromMilliseconds(10));
        }
        Assert.InRange(given, 100, 105);
    }
}
