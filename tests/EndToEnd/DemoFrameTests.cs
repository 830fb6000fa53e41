namespace LazyOC.EndToEnd.Tests;

/// <summary>The demo's frame, with the two plugins that come with it.</summary>
public sealed class DemoFrameTests : IDisposable
{
    private readonly LazyOc _lazyoc = new();

    public void Dispose() => _lazyoc.Dispose();

    [Fact]
    public async Task Demo_Pods_ShowsLiveRowsAndBothPlugins()
    {
        var frame = await _lazyoc.OkAsync("--demo", "--size", "160x48");

        Assert.Contains("CrashLoopBackOff", frame);
        Assert.Contains("HEALTH", frame);
        Assert.Contains("●●●●● 100", frame);
        Assert.Matches(@"♥ \d+ pods", frame);
        Assert.Equal(48, frame.TrimEnd('\n').Split('\n').Length);
    }

    [Fact]
    public async Task Demo_Twice_GivesTheSameFrame()
    {
        Assert.Equal(await _lazyoc.OkAsync("--demo", "--size", "120x40"), await _lazyoc.OkAsync("--demo", "--size", "120x40"));
    }

    [Fact]
    public async Task Demo_ViewDeployments_ShowsDeployments()
    {
        var frame = await _lazyoc.OkAsync("--demo", "--size", "160x48", "--view", "deployments");
        Assert.Contains("UP-TO-DATE", frame);
        Assert.DoesNotContain("HEALTH", frame);
    }

    [Fact]
    public async Task Demo_HealthTab_ShowsTableAndSparkline()
    {
        var pod = await SickPodAsync();
        var frame = await _lazyoc.OkAsync("--demo", "--size", "160x48", "--view", $"pods/{pod}", "--tab", "Health");
        Assert.Contains("CONTAINER", frame);
        Assert.Contains("RESTARTS", frame);
        Assert.Contains("Events, last hour", frame);
        Assert.Contains(frame, c => "▁▂▃▄▅▆▇█".Contains(c, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Demo_NoPlugins_ShowsNothingOfThem()
    {
        var frame = await _lazyoc.OkAsync("--demo", "--no-plugins", "--size", "160x48");
        Assert.Contains("CrashLoopBackOff", frame);
        Assert.DoesNotContain("HEALTH", frame);
        Assert.DoesNotContain("♥", frame);
    }

    [Fact]
    public async Task Demo_DisabledPlugin_IsNotInTheFrame()
    {
        await _lazyoc.OkAsync("--demo", "--size", "120x40");
        await _lazyoc.OkAsync("plugin", "disable", "lazyoc.pod-health", "--demo");
        var frame = await _lazyoc.OkAsync("--demo", "--size", "160x48");
        Assert.DoesNotContain("HEALTH", frame);
        Assert.Matches(@"♥ \d+ pods", frame);
    }

    private async Task<string> SickPodAsync() => await DemoPods.SickAsync(_lazyoc);
}
