using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text.Json;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Marketplace.Scanning.Trials;

namespace LazyOC.Marketplace.Tests.Scanning.Trials;

/// <summary>
/// A program that runs natively in the process of a trial, as if the sandbox were not there, gets at nothing of the server's. With the
/// layers off that hold it back, it does: that is the control.
/// </summary>
public sealed class ConfinementTests : IAsyncLifetime, IDisposable
{
    private const string Variable = "LAZYOC_TEST_SECRET";

    private readonly TemporaryDirectory _data = new();
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private Process _sibling = null!;

    private string Key => Path.Combine(_data.Path, "registry-key.pem");

    public async Task InitializeAsync()
    {
        await File.WriteAllTextAsync(Key, "the registry's key");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(Key, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        _listener.Start();
        _sibling = Process.Start(new ProcessStartInfo("/bin/sleep", "600") { UseShellExecute = false })!;
    }

    public async Task DisposeAsync()
    {
        if (!_sibling.HasExited) _sibling.Kill();
        await _sibling.WaitForExitAsync();
    }

    public void Dispose()
    {
        _sibling.Dispose();
        _listener.Dispose();
        _data.Dispose();
    }

    [ConfinedFact]
    public async Task Program_WithAllLayers_GetsNothing()
    {
        Environment.SetEnvironmentVariable(Variable, "a token of the server's");

        var (findings, end) = await ProbeAsync();

        Assert.Equal(TrialLayers.All.AsEnumerable(), end.Layers);
        Assert.NotEqual(Probe.Success, findings.Key);
        Assert.NotEqual(Probe.Success, findings.Network);
        Assert.NotEqual(Probe.Success, findings.Process);
        Assert.NotEqual(Probe.Success, findings.Sibling);
        Assert.NotEqual(Probe.Success, findings.ServerEnvironment);
        Assert.All(findings.Environment, name => Assert.True(name is "HOME" or "TMPDIR" || name.StartsWith("DOTNET_", StringComparison.Ordinal), name));
        Assert.False(_sibling.HasExited);
        Assert.False(_listener.Pending());
    }

    [ConfinedTheory]
    [InlineData(false, TrialLayers.User)]
    [InlineData(false, TrialLayers.Files)]
    [InlineData(false, TrialLayers.User, TrialLayers.Files)]
    [InlineData(false, TrialLayers.User, TrialLayers.Paths)]
    [InlineData(true, TrialLayers.User, TrialLayers.Files, TrialLayers.Paths)]
    public async Task Key_OfTheServer_IsReadOnlyWithoutTheLayersBeforeIt(bool isRead, params string[] without) =>
        Assert.Equal(isRead, (await ProbeAsync(without)).Findings.Key == Probe.Success);

    [ConfinedTheory]
    [InlineData(false, TrialLayers.Network)]
    [InlineData(false, TrialLayers.Calls)]
    [InlineData(true, TrialLayers.Network, TrialLayers.Calls)]
    public async Task Network_IsReachedOnlyWithoutTheLayersBeforeIt(bool isReached, params string[] without)
    {
        Assert.Equal(isReached, (await ProbeAsync(without)).Findings.Network == Probe.Success);
        Assert.Equal(isReached, _listener.Pending());
    }

    [ConfinedTheory]
    [InlineData(false, TrialLayers.User)]
    [InlineData(false, TrialLayers.Calls, TrialLayers.Paths)]
    [InlineData(true, TrialLayers.User, TrialLayers.Calls, TrialLayers.Paths)]
    public async Task Sibling_IsKilledOnlyWithoutTheLayersBeforeIt(bool isKilled, params string[] without)
    {
        Assert.Equal(isKilled, (await ProbeAsync(without)).Findings.Sibling == Probe.Success);
        if (isKilled) await _sibling.WaitForExitAsync();
        Assert.Equal(isKilled, _sibling.HasExited);
    }

    [ConfinedTheory]
    [InlineData(false, TrialLayers.Files, TrialLayers.Paths)]
    [InlineData(true, TrialLayers.User, TrialLayers.Paths)]
    public async Task Environment_OfTheServer_IsReadOnlyWithoutTheLayersBeforeIt(bool isRead, params string[] without) =>
        Assert.Equal(isRead, (await ProbeAsync(without)).Findings.ServerEnvironment == Probe.Success);

    [ConfinedTheory]
    [InlineData(false)]
    [InlineData(true, TrialLayers.Calls)]
    public async Task Process_IsStartedOnlyWithoutTheLayerBeforeIt(bool isStarted, params string[] without) =>
        Assert.Equal(isStarted, (await ProbeAsync(without)).Findings.Process == Probe.Success);

    [ConfinedTheory]
    [InlineData(false)]
    [InlineData(true, TrialLayers.Descriptors)]
    public async Task Descriptor_OfTheServer_IsThereOnlyWithoutTheLayerBeforeIt(bool isThere, params string[] without)
    {
        // As a library would open it that does not care.
        var descriptor = Open(Key, 0);
        try
        {
            Assert.Equal(isThere, (await ProbeAsync(without)).Findings.Descriptors.Contains(Key));
        }
        finally
        {
            Assert.Equal(0, Close(descriptor));
        }
    }

    /// <summary>8 GiB of memory, a file of 100 MiB: within no trial, and without the layers before it done.</summary>
    [ConfinedTheory]
    [InlineData("eat", false)]
    [InlineData("eat", true, TrialLayers.Limits)]
    [InlineData("write", false, TrialLayers.Files)]
    [InlineData("write", true, TrialLayers.Files, TrialLayers.Limits)]
    public async Task Program_ThatTakesTooMuch_EndsWithoutIt(string how, bool isDone, params string[] without)
    {
        var end = await TrialProcess.RunAsync(TrialFixture.Running("misbehave", how).Without([.. without]), default, CancellationToken.None);

        Assert.Equal(TrialEnding.Exited, end.Ending);
        Assert.Equal(isDone, end.ExitCode == 0);
    }

    [ConfinedTheory]
    [InlineData(TrialEnding.Exited)]
    [InlineData(TrialEnding.TimedOut, TrialLayers.Limits)]
    public async Task Program_ThatComputesWithoutEnd_IsKilledByItsCpuTimeFirst(object ending, params string[] without)
    {
        var end = await TrialProcess.RunAsync(TrialFixture.Running("misbehave", "spin").Without([.. without]) with { CpuSeconds = 1, Time = without.Length == 0 ? TimeSpan.FromMinutes(5) : TimeSpan.FromSeconds(20) }, default, CancellationToken.None);

        Assert.Equal(ending, end.Ending);
        Assert.NotEqual(0, end.ExitCode);
    }

    /// <summary>Without the layer that lets it start none, its children end with it when its time is over.</summary>
    [ConfinedFact]
    public async Task Child_OfAProgramWhoseTimeIsOver_IsKilledWithIt()
    {
        var end = await TrialProcess.RunAsync(TrialFixture.Running("misbehave", "leave").Without(TrialLayers.Calls) with { Time = TimeSpan.FromSeconds(20) }, default, CancellationToken.None);

        Assert.Equal(TrialEnding.TimedOut, end.Ending);
        await GoneAsync(Assert.Single(end.Error.Split('\n'), line => line.StartsWith("child ", StringComparison.Ordinal))["child ".Length..]);
    }

    /// <summary>The wait ends when whoever waits wants it, and the process with it.</summary>
    [ConfinedFact]
    public async Task Program_WhoseWaitIsCancelled_IsKilled()
    {
        using var cancel = new CancellationTokenSource(TimeSpan.FromSeconds(20));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => TrialProcess.RunAsync(TrialFixture.Running("misbehave", "leave").Without(TrialLayers.Calls), default, cancel.Token));

        Assert.DoesNotContain(Directory.EnumerateDirectories("/proc"), process => Path.GetFileName(process).All(char.IsAsciiDigit) && CommandOf(process).Contains("misbehave\0leave", StringComparison.Ordinal));
    }

    private async Task<(Findings Findings, TrialEnd End)> ProbeAsync(params string[] without)
    {
        var options = TrialFixture.Running("probe", Key, Text(((IPEndPoint)_listener.LocalEndpoint).Port), Text(Environment.ProcessId), Text(_sibling.Id)).Without([.. without]) with { Hidden = _data.Path };
        var end = await TrialProcess.RunAsync(options, default, CancellationToken.None);
        Assert.True(end is { Ending: TrialEnding.Exited, ExitCode: 0 }, $"{end.Ending} {end.ExitCode}: {end.Error}");
        return (JsonSerializer.Deserialize<Findings>(end.Output.Span)!, end);
    }

    private static async Task GoneAsync(string process)
    {
        // Whoever adopts it has to take note of its end.
        for (var i = 0; i < 100 && Directory.Exists($"/proc/{process}") && !CommandOf($"/proc/{process}").Equals("", StringComparison.Ordinal); i++) await Task.Delay(100);
        Assert.Equal("", CommandOf($"/proc/{process}"));
    }

    /// <summary>The command line of a process; empty for one that has ended.</summary>
    private static string CommandOf(string folder)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, "cmdline"));
        }
        catch (IOException)
        {
            return "";
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    [DllImport("libc", EntryPoint = "open", BestFitMapping = false)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(int descriptor);
}
