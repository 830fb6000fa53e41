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
    public void SetRates_OfOnePlugin_KeepsWhatIsLeftAndLeavesTheOthers()
    {
        var general = new SandboxLimits { HostCalls = new(PerSecond: 10, Burst: 20) };
        var (ledger, other) = (new QuotaLedger(general, _time), PluginId.Parse("acme.other"));
        Assert.True(ledger.TryTake(Plugin, QuotaClass.HostCalls, 15, out _));

        ledger.SetRates(Plugin, general with { HostCalls = new(PerSecond: 100, Burst: 200) });

        // No present of a full bucket: five were left.
        Assert.False(ledger.TryTake(Plugin, QuotaClass.HostCalls, 6, out var retryAfter));
        Assert.Equal(TimeSpan.FromMilliseconds(10), retryAfter);
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal((200, 20), (Takes(Plugin), Takes(other)));
        ledger.SetRates(Plugin, general with { HostCalls = new(PerSecond: 1, Burst: 2) });
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(2, Takes(Plugin));
        Assert.Equal(15 + 200 + 2, ledger.CountOf(Plugin, QuotaClass.HostCalls).Taken);

        int Takes(PluginId plugin) => Enumerable.Range(0, 300).Count(_ => ledger.TryTake(plugin, QuotaClass.HostCalls, 1, out var _));
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
