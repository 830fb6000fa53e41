using LazyOC.Plugins.Sandbox.Quotas;

namespace LazyOC.Plugins.Sandbox.Tests.Quotas;

public sealed class CpuShareTests
{
    private static readonly QuotaRate Rate = new SandboxLimits().Cpu;

    private readonly ManualTime _time = new();

    [Fact]
    public void Charge_WithinTheBurst_PausesNothing()
    {
        var share = Create();
        Assert.Equal(TimeSpan.Zero, share.Charge(TimeSpan.FromSeconds(2)));
    }

    [Fact]
    public void Charge_AFifthOfACoreForLong_PausesNothing()
    {
        var share = Create();
        for (var second = 1; second <= 600; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            Assert.Equal(TimeSpan.Zero, share.Charge(TimeSpan.FromSeconds(0.2 * second)));
        }
    }

    [Fact]
    public void Charge_AboveTheShare_PausesUntilWhatIsMissingHasFlowedIn()
    {
        var share = Create();
        Assert.Equal(TimeSpan.FromSeconds(5), share.Charge(TimeSpan.FromSeconds(3)));
        _time.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(1, share.Charge(TimeSpan.FromSeconds(3)).TotalSeconds, 6);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(TimeSpan.Zero, share.Charge(TimeSpan.FromSeconds(3)));
    }

    [Fact]
    public void Charge_FarAboveTheShare_PausesAtMostSoLong() =>
        Assert.Equal(TimeSpan.FromSeconds(30), Create().Charge(TimeSpan.FromMinutes(5)));

    [Fact]
    public void Charge_LessThanBefore_IsNoRefund()
    {
        var share = Create();
        share.Charge(TimeSpan.FromSeconds(3));
        Assert.Equal(TimeSpan.FromSeconds(5), share.Charge(TimeSpan.FromSeconds(1)));
        Assert.Equal(TimeSpan.FromSeconds(5), share.Charge(TimeSpan.FromSeconds(3)));
    }

    private CpuShare Create() => new(Rate, TimeSpan.FromSeconds(30), _time);
}
