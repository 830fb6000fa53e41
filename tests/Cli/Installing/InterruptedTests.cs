using System.Diagnostics;
using System.Globalization;
using LazyOC.EndToEnd.Tests;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Packages;
using LazyOC.Plugins.Runtime.Tests.State;

namespace LazyOC.Cli.Tests.Installing;

/// <summary>Installing that is killed, that shares a home, and that has no room.</summary>
public sealed class InterruptedTests : IDisposable
{
    private static readonly PluginId Demo = PluginId.Parse("acme.demo");

    /// <summary>Of the many steps that write packages, each so many-eth; every one where the environment says <c>LAZYOC_EVERY_STEP=1</c>.</summary>
    private static readonly int Stride = Environment.GetEnvironmentVariable("LAZYOC_EVERY_STEP") == "1" ? 1 : 9;

    /// <summary>The steps in which the set changes, every one of them.</summary>
    private const int LastSteps = 4;

    private readonly LazyOc _lazyoc = new();
    private readonly TestRegistry _registry;

    public InterruptedTests() => _registry = new TestRegistry(_lazyoc);

    public void Dispose()
    {
        _registry.Dispose();
        _lazyoc.Dispose();
    }

    /// <summary>
    /// A process is killed by a signal before each step that changes the disk. What the next one finds is a whole set, the old
    /// or the new one; it can do the same again, and afterwards nothing is left that no set leads to.
    /// </summary>
    [Theory]
    [InlineData("install")]
    [InlineData("update")]
    [InlineData("rollback")]
    public async Task Kill_BeforeAnyStep_LeavesAWholeSet(string what)
    {
        await _registry.PublishAsync(Package("1.0.0"), TestRegistry.Package("acme.lines", "1.0.0"));
        await _registry.AddAsync();
        string[] before = what == "install" ? [] : ["acme.demo 1.0.0", "acme.lines 1.0.0"];
        if (what != "install") await _lazyoc.OkAsync("plugin", "install", "acme.demo", "--yes");
        await _registry.PublishAsync(Package("1.1.0"), TestRegistry.Package("acme.lines", "1.1.0"));
        string[] after = ["acme.demo 1.1.0", "acme.lines 1.1.0"];
        if (what == "rollback")
        {
            (before, after) = (["acme.demo 1.1.0", "acme.lines 1.1.0"], ["acme.demo 1.0.0", "acme.lines 1.1.0"]);
            await _lazyoc.OkAsync("plugin", "update", "--yes");
        }
        var start = Copy(_lazyoc.Home, _lazyoc.PathOf("../" + Path.GetFileName(_lazyoc.Home) + "-start"));
        try
        {
            var steps = (await RunAsync(what, -1)).Output.Split('\n').Count(line => line.StartsWith("step ", StringComparison.Ordinal));
            Assert.Equal(after, Installed());
            Assert.True(steps >= 8, $"only {steps} steps");

            var found = new HashSet<string>(StringComparer.Ordinal);
            foreach (var step in Enumerable.Range(0, steps).Where(step => step % Stride == 0 || step >= steps - LastSteps))
            {
                Reset(start);
                var run = await RunAsync(what, step);
                // 128 + SIGKILL.
                Assert.True(run.ExitCode == 137, $"before step {step} it ended with {run.ExitCode}: {run.Error}");
                var now = Installed();
                Assert.True(now.SequenceEqual(before) || now.SequenceEqual(after), $"killed before step {step}: {string.Join(", ", now)}");
                found.Add(string.Join(", ", now));
                if (!now.SequenceEqual(after))
                {
                    var again = await RunAsync(what, -1);
                    Assert.True(again.ExitCode == 0, $"killed before step {step}, then {again.ExitCode}: {again.Error}");
                }
                Assert.Equal(after, Installed());
                AssertNothingIsLeft();
            }
            Assert.Equal(2, found.Count);
        }
        finally
        {
            Directory.Delete(start, recursive: true);
        }
    }

    /// <summary>The whole program, downloads and what it remembers of the registry included, is killed wherever it is just then.</summary>
    [Fact]
    public async Task Kill_AtAnyMoment_LeavesAWholeSet()
    {
        await _registry.PublishAsync(Package("1.0.0"), TestRegistry.Package("acme.lines", "1.0.0"));
        await _registry.AddAsync();
        var random = new Random(1);
        for (var round = 0; round < 6; round++)
        {
            using var process = _lazyoc.Start("plugin", "install", "acme.demo", "--yes");
            await Task.Delay(random.Next(50, 1_200));
            process.Kill();
            await process.WaitForExitAsync();

            var now = Installed();
            Assert.True(now is [] or ["acme.demo 1.0.0", "acme.lines 1.0.0"], $"round {round}: {string.Join(", ", now)}");
        }

        await _lazyoc.OkAsync("plugin", "install", "acme.demo", "--yes");

        Assert.Equal(["acme.demo 1.0.0", "acme.lines 1.0.0"], Installed());
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task Interrupt_WhileItDownloads_LeavesNothing()
    {
        await _registry.PublishAsync(TestRegistry.Package("acme.demo", "1.0.0"));
        await File.WriteAllTextAsync(_lazyoc.PathOf("root.pem"), _registry.Root.PublicKey.ToPem());
        using var server = new FolderServer(_registry.Folder);
        await _lazyoc.OkAsync("registry", "add", server.Address, "--key", _lazyoc.PathOf("root.pem"));
        var (asked, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        server.Before = path =>
        {
            if (!path.EndsWith(".lzp", StringComparison.Ordinal)) return Task.CompletedTask;
            asked.TrySetResult();
            return release.Task;
        };
        using var process = _lazyoc.Start("plugin", "install", "acme.demo", "--yes");
        var error = process.StandardError.ReadToEndAsync();
        await asked.Task;

        using (var kill = Process.Start("kill", ["-INT", process.Id.ToString(CultureInfo.InvariantCulture)])) await kill.WaitForExitAsync();
        await process.WaitForExitAsync();

        release.SetResult();
        Assert.Equal("lazyoc: interrupted\n", (await error).Split('\r')[^1]);
        Assert.Equal(1, process.ExitCode);
        Assert.Empty(Installed());
        Assert.False(Directory.Exists(_lazyoc.PathOf("downloads")));
    }

    [Fact]
    public async Task Install_InTwoProcessesAtOnce_GivesBoth()
    {
        await _registry.PublishAsync(TestRegistry.Package("acme.one", "1.0.0"), TestRegistry.Package("acme.two", "1.0.0"), TestRegistry.Package("acme.three", "1.0.0"));
        await _registry.AddAsync();

        var runs = await Task.WhenAll(new[] { "acme.one", "acme.two", "acme.three" }.Select(id => _lazyoc.RunAsync("plugin", "install", id, "--yes")));

        Assert.All(runs, run => Assert.True(run.ExitCode == 0, run.Error));
        Assert.Equal(["acme.one 1.0.0", "acme.three 1.0.0", "acme.two 1.0.0"], Installed());
    }

    [Fact]
    public async Task Install_CodeThatDoesNotLoad_ChangesNothing()
    {
        await _registry.PublishAsync(TestRegistry.Package("acme.demo", "1.0.0", code: "this is no code"));
        await _registry.AddAsync();

        var run = await _lazyoc.RunAsync("plugin", "install", "acme.demo", "--yes");

        Assert.Equal(3, run.ExitCode);
        Assert.Contains("`acme.demo 1.0.0` does not start:", run.Error, StringComparison.Ordinal);
        Assert.Empty(Installed());
    }

    [SmallDiskFact]
    public async Task Install_OnAFullOrReadOnlyDisk_SaysSoAndLeavesTheOldSet()
    {
        await _registry.PublishAsync(Package("1.0.0"), TestRegistry.Package("acme.lines", "1.0.0"));
        using var disk = SmallDisk.Mount("256k");
        await File.WriteAllTextAsync(_lazyoc.PathOf("root.pem"), _registry.Root.PublicKey.ToPem());
        await OnDiskAsync(disk, 0, "registry", "add", _registry.Folder, "--key", _lazyoc.PathOf("root.pem"));
        await OnDiskAsync(disk, 0, "plugin", "install", "acme.demo", "--yes");
        await _registry.PublishAsync(TestRegistry.Package("acme.demo", "1.1.0", code: $"lazyoc.on('activate', () => null); // {new string('x', 300_000)}"));

        var full = await OnDiskAsync(disk, 1, "plugin", "update", "--yes");

        Assert.Contains("No space left on device", full.Error, StringComparison.Ordinal);
        Assert.Contains("hint:", full.Error, StringComparison.Ordinal);
        Assert.Equal("1.0.0", new PluginStore(disk.Path).OpenInstalled(Demo).TryGet(out var plugin, out _) ? plugin.Entry.Version.ToString() : "");
        Assert.False(Directory.Exists(Path.Combine(disk.Path, "downloads")));
        disk.MakeReadOnly();
        var readOnly = await OnDiskAsync(disk, 1, "plugin", "disable", "acme.demo");
        Assert.Contains("Read-only file system", readOnly.Error, StringComparison.Ordinal);
        Assert.Contains("Read-only file system", (await OnDiskAsync(disk, 1, "plugin", "update", "--yes")).Error, StringComparison.Ordinal);
        await OnDiskAsync(disk, 0, "plugin", "list");
    }

    private static PluginPackage Package(string version) => TestRegistry.Package("acme.demo", version, """ "dependencies":{"acme.lines":"*"} """);

    private async Task<ProgramRun> OnDiskAsync(SmallDisk disk, int exitCode, params string[] arguments)
    {
        var run = await _lazyoc.RunAsync("env", [$"LAZYOC_HOME={disk.Path}", LazyOc.Program, .. arguments]);
        Assert.True(run.ExitCode == exitCode, $"{string.Join(' ', arguments)} ended with {run.ExitCode}\n{run.Error}");
        return run;
    }

    private Task<ProgramRun> RunAsync(string what, int step) =>
        _lazyoc.RunAsync("dotnet", ["exec", typeof(KillProgram).Assembly.Location, what, step.ToString(CultureInfo.InvariantCulture)]);

    private string[] Installed()
    {
        var store = new PluginStore(_lazyoc.Home);
        Assert.True(store.Current().TryGet(out var current, out var problems), Problem.Join(problems));
        foreach (var entry in current.Plugins) Assert.True(store.Open(entry).TryGet(out _, out problems), Problem.Join(problems));
        Assert.Empty(store.Unmet(current));
        return [.. current.Plugins.Select(entry => $"{entry.Id} {entry.Version}")];
    }

    private void AssertNothingIsLeft()
    {
        var store = new PluginStore(_lazyoc.Home);
        Assert.True(store.CollectGarbage(keep: 0, dryRun: false).TryGet(out _, out var problems), Problem.Join(problems));
        Assert.True(store.Current().TryGet(out var current, out _));
        Assert.Equal(current.Plugins.Select(entry => entry.Digest.ToString()).Order(StringComparer.Ordinal), Directory.GetFileSystemEntries(_lazyoc.PathOf("store")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Single(Directory.GetFileSystemEntries(_lazyoc.PathOf("generations")));
        Assert.DoesNotContain(Directory.GetFileSystemEntries(_lazyoc.Home).Select(Path.GetFileName), name => name!.Contains(".pending", StringComparison.Ordinal) || name == "downloads");
    }

    /// <summary>Puts the home back to what it was, but for the registry.</summary>
    private void Reset(string start)
    {
        foreach (var name in new[] { "store", "generations" })
            if (Directory.Exists(_lazyoc.PathOf(name))) Directory.Delete(_lazyoc.PathOf(name), recursive: true);
        foreach (var file in Directory.GetFiles(_lazyoc.Home)) File.Delete(file);
        Copy(start, _lazyoc.Home);
    }

    private static string Copy(string from, string to)
    {
        var start = new ProcessStartInfo("cp", ["-a", from + "/.", to]);
        Directory.CreateDirectory(to);
        using var copy = Process.Start(start)!;
        copy.WaitForExit();
        Assert.Equal(0, copy.ExitCode);
        return to;
    }
}
