using LazyOC.Fuzz.Plugins.Simulation;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Calls;
using LazyOC.Plugins.Runtime.Lifecycle;
using LazyOC.Plugins.Runtime.Supervision;

namespace LazyOC.Plugins.Runtime.Tests.Supervision;

public sealed class PluginMeterTests
{
    private static readonly PluginId Plugin = PluginId.Parse("acme.test");

    private readonly SimulatedTime _time = new();
    private PluginAccount _account;
    private int _reads;

    [Fact]
    public void Meter_WithNobodyLooking_ReadsNothing()
    {
        var meter = Create();
        Assert.False(_time.Pass());

        meter.Watch(() => { }).Dispose();

        Assert.False(_time.Pass());
        Assert.Equal(0, _reads);
        Assert.Empty(meter.HistoryOf(Plugin));
    }

    [Fact]
    public void Meter_WhileSomebodyLooks_KeepsWhatIsUsedInEachSecond()
    {
        var meter = Create();
        var samples = 0;
        using (meter.Watch(() => samples++))
        {
            _time.Pass();
            _account = new PluginAccount(TimeSpan.FromMilliseconds(250), 4096, 3, 7, 0, 1, 0, 0);
            _time.Pass();
            _time.Pass();
        }
        Assert.Equal(3, samples);
        var history = meter.HistoryOf(Plugin);
        Assert.Equal([(0.25, 4096L, 7L, 1L), (0.0, 4096L, 0L, 0L)], history.Select(s => (s.CpuShare, s.MemoryBytes, s.Calls, s.Faults)));
    }

    [Fact]
    public void Meter_LookedAtForLong_KeepsTheLatestSamples()
    {
        var meter = Create();
        using var _ = meter.Watch(() => { });
        for (var i = 0; i < PluginMeter.MaxSamples + 50; i++) _time.Pass();
        Assert.Equal(PluginMeter.MaxSamples, meter.HistoryOf(Plugin).Length);
    }

    [Fact]
    public void LogTail_Full_KeepsTheLatestLines()
    {
        var tails = new LogTails(3, _time);
        for (var i = 0; i < 5; i++) tails.Add(Plugin, PluginLogLevel.Info, $"{i}");
        Assert.Equal(["2", "3", "4"], tails.Of(Plugin).Select(line => line.Message));
        Assert.Empty(tails.Of(PluginId.Parse("acme.other")));
    }

    private PluginMeter Create() => new(
        () =>
        {
            _reads++;
            return [new PluginStatus { Id = Plugin, Name = "Test", Version = "1.0.0", State = PluginState.Active, Since = default, Account = _account }];
        },
        _time);
}
