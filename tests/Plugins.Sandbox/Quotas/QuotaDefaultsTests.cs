using LazyOC.Plugins.Runtime;
using LazyOC.Plugins.Runtime.Supervision;
using LazyOC.Plugins.Sandbox.Files;
using LazyOC.Plugins.Sandbox.Guests;

namespace LazyOC.Plugins.Sandbox.Quotas;

/// <summary>The defaults that a plugin is held to, in the order in which SECURITY.md and the manual name them: none changes unnoticed.</summary>
public sealed class QuotaDefaultsTests
{
    private const int KiB = 1 << 10;
    private const int MiB = 1 << 20;

    private static readonly SandboxLimits Sandbox = new();
    private static readonly GuestLimits Guest = new();
    private static readonly RuntimeLimits Runtime = new();
    private static readonly FileLimits Files = new();

    [Fact]
    public void Guest_MemoryAndTime()
    {
        Assert.Equal((64L * MiB, 512L * MiB), (Guest.MemoryBytes, Runtime.MaxGuestMemoryBytes));
        Assert.Equal((2_000, 250), (Guest.StartCpuMs, Guest.TurnCpuMs));
        Assert.Equal(new QuotaRate(PerSecond: 0.2, Burst: 2), Sandbox.Cpu);
        TimeSpan[] half = [Runtime.RenderDeadline, Runtime.ComputeDeadline, Runtime.HookDeadline, Runtime.LogLinesDeadline];
        Assert.All(half, deadline => Assert.Equal(TimeSpan.FromMilliseconds(500), deadline));
        TimeSpan[] five = [Runtime.MessageDeadline, Runtime.ActivateDeadline, Runtime.HttpRequestDeadline];
        Assert.All(five, deadline => Assert.Equal(TimeSpan.FromSeconds(5), deadline));
        // A service may ask others; stored data may be large.
        Assert.Equal((TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(30)), (Runtime.ServiceDeadline, Runtime.MigrateDeadline));
        // Who leaves is not waited for.
        Assert.Equal((TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(2)), (Runtime.DeactivateDeadline, Runtime.StateDeadline));
    }

    [Fact]
    public void Guest_MessagesStacksAndModules()
    {
        Assert.Equal((MiB, MiB, 128), (Guest.MessageBytes, Guest.AnswerBytes, Guest.AnswerDepth));
        Assert.Equal((32, 64), (Guest.MessagesInFlight, Guest.CallsInFlight));
        Assert.Equal((512 * KiB, 32L * MiB, 100_000), (Guest.JavaScriptStackBytes, Guest.StackBytes, Guest.TableElements));
        var module = Guest.Module;
        Assert.Equal((64 * MiB, 500_000, 7_654_321), (module.ModuleBytes, module.Functions, module.FunctionBodyBytes));
        Assert.Equal((50_000, 100_000, 10_000_000u, 10_000), (module.Locals, module.Globals, module.TableElements, module.ControlDepth));
    }

    [Fact]
    public void Calls_RatesAndSizes()
    {
        Assert.Equal(new QuotaRate(PerSecond: 100, Burst: 200), Sandbox.HostCalls);
        Assert.Equal(new QuotaRate(PerSecond: 20, Burst: 50), Sandbox.Kubernetes);
        Assert.Equal(new QuotaRate(PerSecond: 200, Burst: 400), Sandbox.Events);
        Assert.Equal(new QuotaRate(PerSecond: 1, Burst: 10), Sandbox.Attention);
        Assert.Equal(new QuotaRate(PerSecond: 2 * MiB, Burst: 8 * MiB), Sandbox.ArgumentRate);
        Assert.Equal((50, 64, 32, TimeSpan.FromMilliseconds(100)), (Runtime.Watches, Runtime.Timers, Runtime.Subscriptions, Runtime.ViewUpdateInterval));
        Assert.Equal((MiB, MiB - 1024), (Sandbox.ArgumentBytes, Sandbox.AnswerBytes));
    }

    [Fact]
    public void Network_RatesAndSizes()
    {
        Assert.Equal(new QuotaRate(PerSecond: 10, Burst: 20), Sandbox.Network);
        Assert.Equal(new QuotaRate(PerSecond: 64.0 * MiB / 3600, Burst: 64 * MiB), Sandbox.NetworkBytes);
        Assert.Equal((4, MiB, MiB, 16 * MiB), (Sandbox.NetworkConcurrency, Sandbox.NetworkBodyBytes, Sandbox.NetworkDecodedBytes, Sandbox.NetworkSavedBytes));
        Assert.Equal((TimeSpan.FromSeconds(30), 5), (Sandbox.NetworkTimeout, Sandbox.NetworkRedirects));
    }

    [Fact]
    public void Disk_AndLog()
    {
        Assert.Equal((64L * MiB, 10_000), (Files.TemporaryBytes, Files.TemporaryEntries));
        Assert.Equal((256, 256 * KiB), (Runtime.StoredKeyChars, Runtime.StoredValueBytes));
        Assert.Equal(new QuotaRate(PerSecond: 256 * KiB / 60.0, Burst: 256 * KiB), Sandbox.LogBytes);
        Assert.Equal(8 * KiB, Sandbox.LogLineBytes);
    }

    [Fact]
    public void Violations_AndFaults()
    {
        Assert.Equal((20, 100, 1), (Sandbox.PermissionRefusalsPerMinute, Sandbox.QuotaRefusalsPerMinute, Sandbox.EscapeAttempts));
        Assert.Equal((TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30)), (Sandbox.MinThrottle, Sandbox.MaxThrottle));
        var supervision = new SupervisionLimits();
        Assert.Equal((3, TimeSpan.FromMinutes(5)), (supervision.FaultsBeforeRestart, supervision.FaultWindow));
        Assert.Equal((5, TimeSpan.FromMinutes(30)), (supervision.RestartsBeforeQuarantine, supervision.RestartWindow));
        Assert.Equal((TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60)), (supervision.MinBackoff, supervision.MaxBackoff));
    }
}
