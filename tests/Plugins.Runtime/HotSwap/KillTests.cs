using System.Diagnostics;
using LazyOC.Fuzz.Plugins.Simulation;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Calls;
using LazyOC.Plugins.Packages;
using LazyOC.Plugins.Runtime.Lifecycle;
using LazyOC.Plugins.Runtime.State;
using LazyOC.Plugins.Sandbox.Audit;
using LazyOC.Plugins.Sandbox.Broker;

namespace LazyOC.Plugins.Runtime.Tests.HotSwap;

/// <summary>A process is really killed, at each step of a swap and in the midst of a migration, while its plugin stores all the while.</summary>
public sealed class KillTests : IDisposable
{
    private static readonly PluginId Id = PluginId.Parse(NumbersPlugin.Id);

    private readonly string _home = Directory.CreateTempSubdirectory("lazyoc-kill-").FullName;

    public static TheoryData<string> Steps => new(StoreSimulation.Steps.Append("half"));

    private string Data => KillProgram.StoreOf(_home).Data;

    public void Dispose() => Directory.Delete(_home, recursive: true);

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task Kill_AtAStepOfASwap_LeavesOneWholeEpochToTheNextProcess(string step)
    {
        Install(1);
        using var host = HostProcess.Start(_home, step);
        await host.ReadUntilAsync("ready 1.0.0");
        host.Say("store a");
        await host.ReadUntilAsync("stored a0005");
        Install(2, fails: step.StartsWith("discard", StringComparison.Ordinal));
        host.Say("apply");
        await host.ReadUntilAsync($"at {step}");
        Assert.Null(LeaderLock.TryTake(Data, Id));

        var stored = await host.KillAsync();

        AssertUnlocked();
        await StartAndStoreAsync("b0001", "2.0.0");
        AssertWhole(2, [.. stored, "b0001"], inFlight: 1);
        Assert.Equal(["1.db", "1.db.left", "2.db", "leader.lock", "migration.lock"], Files());
    }

    [Theory]
    [InlineData("half")]
    [InlineData("publish")]
    public async Task Kill_AndTheOldVersionAgain_GoesOnWithItsOwnEpoch(string step)
    {
        Install(1);
        var before = Generation();
        using var host = HostProcess.Start(_home, step);
        await host.ReadUntilAsync("ready 1.0.0");
        host.Say("store a");
        await host.ReadUntilAsync("stored a0005");
        Install(2);
        host.Say("apply");
        await host.ReadUntilAsync($"at {step}");
        var stored = await host.KillAsync();

        Assert.True(KillProgram.StoreOf(_home).SwitchBack(Generation(), before).TryGet(out _, out var problems), Problem.Join(problems));

        await StartAndStoreAsync("b0001", "1.0.0");
        AssertWhole(1, [.. stored, "b0001"], inFlight: 1);
        // What the migration had begun is gone, with the mark that the epoch was left.
        Assert.Equal(["1.db", "leader.lock", "migration.lock"], Files());
    }

    [Fact]
    public async Task Kill_OfOneOfTwoThatMigrate_LetsTheOtherOneTakeOver()
    {
        Install(1);
        using var first = HostProcess.Start(_home, "half");
        using var second = HostProcess.Start(_home, null);
        await first.ReadUntilAsync("ready 1.0.0");
        await second.ReadUntilAsync("ready 1.0.0");
        first.Say("store a");
        second.Say("store b");
        await first.ReadUntilAsync("stored a0005");
        await second.ReadUntilAsync("stored b0005");
        Install(2);
        first.Say("apply");
        await first.ReadUntilAsync("at half");
        // The other one still runs the old version, whose changes would be in no copy by now.
        await second.ReadUntilAsync("refused");
        second.Say("apply");

        var stored = await first.KillAsync();

        await second.ReadUntilAsync("applied Swapped");
        await second.ReadUntilAsync("stored b");
        AssertWhole(2, [.. stored, .. await second.KillAsync()], inFlight: 2);
        Assert.Equal(["1.db", "1.db.left", "2.db", "leader.lock", "migration.lock"], Files());
    }

    [Fact]
    public async Task Apply_InTwoProcessesAtOnce_TakesOverInBoth()
    {
        Install(1);
        using var first = HostProcess.Start(_home, null);
        using var second = HostProcess.Start(_home, null);
        await first.ReadUntilAsync("ready 1.0.0");
        await second.ReadUntilAsync("ready 1.0.0");
        first.Say("store a");
        second.Say("store b");
        await first.ReadUntilAsync("stored a0005");
        await second.ReadUntilAsync("stored b0005");
        Install(2);

        first.Say("apply");
        second.Say("apply");

        await first.ReadUntilAsync("applied Swapped");
        await second.ReadUntilAsync("applied Swapped");
        string[] stored = [.. await first.KillAsync(), .. await second.KillAsync()];
        AssertWhole(2, stored, inFlight: 2);
    }

    private int Generation() => KillProgram.StoreOf(_home).Current().TryGet(out var current, out var problems) ? current.Number : throw new InvalidOperationException(Problem.Join(problems));

    private void Install(int major, bool fails = false)
    {
        var package = NumbersPlugin.Package(major, fails);
        Assert.True(KillProgram.StoreOf(_home).Install(new Installation { Package = package, Grant = package.Manifest.Permissions, Source = "test" }).TryGet(out _, out var problems), Problem.Join(problems));
    }

    private async Task StartAndStoreAsync(string key, string version)
    {
        await using var audit = AuditLog.Begin(new AuditMemory(), new AuditLimits(), TimeProvider.System, span => span.Clear());
        await using var host = await PluginHost.StartAsync(KillProgram.Options(_home, audit));
        await host.Extensions.WhenSettledAsync();
        var status = host.Plugins.Single();
        Assert.True(status.State == PluginState.Active && status.Version == version, status.ToString());
        Assert.Null(await KillProgram.StoreAsync(host, key[..1], int.Parse(key[1..], System.Globalization.CultureInfo.InvariantCulture)));
    }

    /// <summary>The locks of a killed process are free.</summary>
    private void AssertUnlocked()
    {
        using var leader = LeaderLock.TryTake(Data, Id);
        Assert.NotNull(leader);
        using var migration = MigrationLock.TryTake(Path.Combine(Data, NumbersPlugin.Id));
        Assert.NotNull(migration);
    }

    /// <param name="version">The version whose epoch is in force.</param>
    /// <param name="stored">Keys that are stored for certain.</param>
    /// <param name="inFlight">How many may be stored though nobody was told.</param>
    private void AssertWhole(int version, IReadOnlyCollection<string> stored, int inFlight)
    {
        using var file = new StoreFile(PluginStore.DataFile(Data, Id, version), 4 << 20, new RuntimeLimits());
        var items = new List<StoredItem>();
        for (var more = true; more;)
        {
            var page = Assert.IsType<CallOutcome<StorageListAnswer>.Done>(file.List("", items.LastOrDefault()?.Key, 500, values: true)).Answer;
            items.AddRange(page.Items);
            more = page.More;
        }
        Assert.Empty(stored.Except(items.Select(item => item.Key)));
        Assert.InRange(items.Count - stored.Count, 0, inFlight);
        Assert.All(items, item => Assert.Equal((version, 1), (Number(item, "version"), Number(item, "times"))));

        static int Number(StoredItem item, string name) => item.Value!.Value.GetProperty(name).GetInt32();
    }

    /// <summary>
    /// What is in the plugin's folder, but for a journal that says nothing: one that a process had created, and nothing more,
    /// when it was killed. SQLite leaves it until the store is changed again. Source: "Hot Rollback Journals" of SQLite's
    /// documentation on file locking.
    /// </summary>
    private IEnumerable<string?> Files() => Directory.EnumerateFiles(Path.Combine(Data, NumbersPlugin.Id))
        .Where(file => !file.EndsWith(".db-journal", StringComparison.Ordinal) || File.ReadAllBytes(file) is [not 0, ..])
        .Select(Path.GetFileName)
        .Order(StringComparer.Ordinal);

    /// <summary>A <see cref="KillProgram"/> that runs.</summary>
    private sealed class HostProcess : IDisposable
    {
        private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

        private readonly Process _process;
        private readonly List<string> _lines = [];

        private HostProcess(Process process) => _process = process;

        public static HostProcess Start(string home, string? step)
        {
            string[] arguments = ["exec", typeof(KillProgram).Assembly.Location, home, .. step is null ? [] : new[] { step }];
            return new HostProcess(Process.Start(new ProcessStartInfo("dotnet", arguments) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true })!);
        }

        public void Say(string line) => _process.StandardInput.WriteLine(line);

        /// <summary>Reads until a line begins so.</summary>
        public async Task ReadUntilAsync(string beginning)
        {
            using var patience = new CancellationTokenSource(Patience);
            try
            {
                while (await _process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
                {
                    _lines.Add(line);
                    if (line.StartsWith(beginning, StringComparison.Ordinal)) return;
                }
                Assert.Fail($"ended before “{beginning}”: {string.Join('\n', _lines)}");
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"“{beginning}” has not come in {Patience}: {string.Join('\n', _lines)}");
            }
        }

        /// <summary>Kills it, as <c>kill -9</c> does.</summary>
        /// <returns>The keys that it had said are stored.</returns>
        public async Task<string[]> KillAsync()
        {
            _process.Kill();
            await _process.WaitForExitAsync();
            _lines.AddRange((await _process.StandardOutput.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries));
            Assert.DoesNotContain(_lines, line => line.StartsWith("bug", StringComparison.Ordinal));
            return [.. _lines.Where(line => line.StartsWith("stored ", StringComparison.Ordinal)).Select(line => line["stored ".Length..])];
        }

        public void Dispose()
        {
            if (!_process.HasExited) _process.Kill();
            _process.Dispose();
        }
    }
}
