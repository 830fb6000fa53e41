using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Calls;
using LazyOC.Plugins.Runtime.Capabilities;
using LazyOC.Plugins.Sandbox.Tests;

namespace LazyOC.Plugins.Sandbox.Quotas;

/// <summary>Lines that are too many: how many they were is told with the next that comes through.</summary>
public sealed class PluginLogTests
{
    private static readonly PluginId Noisy = PluginId.Parse("acme.noisy");
    private static readonly PluginId Quiet = PluginId.Parse("acme.quiet");

    [Fact]
    public void Write_MoreThanTheQuota_IsDroppedCountedAndTold()
    {
        var clock = new ManualTime();
        var limits = new SandboxLimits { LogBytes = new QuotaRate(PerSecond: 100, Burst: 200), LogLineOverheadBytes = 0 };
        var (lines, dropped) = (new List<string>(), new List<PluginId>());
        var log = new PluginLog(new QuotaLedger(limits, clock), limits, (_, text) => text, (plugin, level, line) => lines.Add($"{plugin} {level} {line}"), dropped.Add);
        var text = new string('x', 100);

        for (var i = 0; i < 5; i++) log.Write(Noisy, PluginLogLevel.Info, text);
        log.Write(Quiet, PluginLogLevel.Info, "here");

        Assert.Equal([$"{Noisy} Info {text}", $"{Noisy} Info {text}", $"{Quiet} Info here"], lines);
        Assert.Equal([Noisy, Noisy, Noisy], dropped);

        clock.Advance(TimeSpan.FromSeconds(2));
        log.Write(Noisy, PluginLogLevel.Info, text);
        log.Write(Noisy, PluginLogLevel.Info, text);

        Assert.Equal([$"{Noisy} Warn lazyoc: 3 lines were dropped here: the plugin may log 6 KiB a minute", $"{Noisy} Info {text}", $"{Noisy} Info {text}"], lines[3..]);
    }
}
