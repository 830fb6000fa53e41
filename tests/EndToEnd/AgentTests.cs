namespace LazyOC.EndToEnd.Tests;

/// <summary><c>lazyoc agent</c>: plugins without a screen.</summary>
public sealed class AgentTests : IDisposable
{
    private readonly LazyOc _lazyoc = new();

    public void Dispose() => _lazyoc.Dispose();

    [Theory]
    [InlineData(4, "no plugin is installed and enabled", "lazyoc plugin install")]
    [InlineData(4, "acme.absent is not installed, or not enabled", "lazyoc plugin list", "--demo", "--plugins", "lazyoc.pod-health,acme.absent")]
    [InlineData(2, "`nothing` is not a plugin id", "PUBLISHER.NAME", "--plugins", "nothing")]
    [InlineData(2, "`here` is not an address", "127.0.0.1", "--listen", "here")]
    public async Task Agent_WithNothingToRun_SaysWhatToDo(int exitCode, string message, string hint, params string[] arguments)
    {
        var run = await _lazyoc.RunAsync(["agent", .. arguments]);

        Assert.Equal(exitCode, run.ExitCode);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
        Assert.Contains(hint, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TwoAgents_OfOneHome_OneLeads_AndTheOtherTakesOverWhenItEnds()
    {
        using var first = new RunningAgent(_lazyoc, "--demo", "--plugins", "lazyoc.cluster-pulse", "lazyoc.pod-health");
        await first.SayAsync("lazyoc.cluster-pulse: 1.0.0 is active");
        await first.SayAsync("lazyoc.pod-health: nothing starts it without a screen");

        using var second = new RunningAgent(_lazyoc, "--demo", "--plugins", "lazyoc.cluster-pulse", "--output", "json");
        await second.SayAsync("another LazyOC of this home does its unattended work");
        Assert.Equal(0, await first.EndAsync());
        await second.SayAsync("\"plugin\":\"lazyoc.cluster-pulse\",\"message\":\"its unattended work is done here\"");
        Assert.Equal(0, await second.EndAsync());
        Assert.Contains("told to end", second.Said, StringComparison.Ordinal);
    }
}
