using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using LazyOC.Cluster;
using LazyOC.Cluster.Config;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Calls;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Packages;
using LazyOC.Plugins.Runtime.Lifecycle;
using LazyOC.Plugins.Runtime.State;
using LazyOC.Plugins.Sandbox.Audit;
using LazyOC.Plugins.Sandbox.Broker;
using LazyOC.Plugins.Sandbox.Guests;

namespace LazyOC.Plugins.Runtime.Tests.HotSwap;

/// <summary>
/// Swaps that migrate what is stored, in real files, in hundreds of orders; and a host that is killed at any step, in whose
/// home another one starts. What a killed process leaves is its home as it was at that step. <c>LAZYOC_STORE_SCHEDULES</c>
/// says how many orders.
/// </summary>
public sealed class StoreSimulationTests : IDisposable
{
    private const int DefaultSchedules = 150;
    private const int Swaps = 3;

    private static readonly ClusterClient Client = new(new ClusterOptions { Server = new Uri("https://127.0.0.1:1") });

    private readonly string _root = Directory.CreateDirectory(Path.Combine(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), $"lazyoc-simulation-{Environment.ProcessId}")).FullName;

    private static int Schedules =>
        int.TryParse(Environment.GetEnvironmentVariable("LAZYOC_STORE_SCHEDULES"), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : DefaultSchedules;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Swap_ThatMigrates_LeavesOneWholeEpochWheneverItIsKilled()
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var seed = 0; seed < Schedules; seed++)
        {
            var run = new Simulation(seed, Path.Combine(_root, $"{seed}"));
            run.Run();
            Assert.True(run.Wrong.Count == 0, $"seed {seed}, killed at {run.Killed?.Where}: {string.Join('\n', run.Wrong)}\n{run.Record.Trace}");
            foreach (var change in run.Changes) Count(change.GetType().Name);
            Count($"killed at {run.Killed?.Where ?? "no step"}");
            Directory.Delete(run.Home, recursive: true);

            void Count(string what) => counts[what] = counts.GetValueOrDefault(what) + 1;
        }
        // The orders are of use only when they lead everywhere.
        foreach (var expected in (string[])[nameof(PluginChange.Swapped), nameof(PluginChange.SwapFailed), "killed at a turn", "killed at copy", "killed at publish", "killed at published", "killed at discard"])
            Assert.True(counts.GetValueOrDefault(expected) > 0, $"{expected}: {string.Join(", ", counts)}");
    }

    private sealed record Kill(string Where, InstalledPlugin OnDisk, ImmutableHashSet<long> Stored, ImmutableHashSet<long> Storing);

    private sealed class Simulation(int seed, string home)
    {
        private readonly SeededScheduler _scheduler = new(seed);
        private readonly Random _choice = new(seed);
        private ImmutableArray<SimulatedVersion> _versions;
        private InstalledPlugin _onDisk = null!;
        private int _storeSteps;

        public string Home => home;
        public SimulationRecord Record { get; } = new();
        public List<string> Wrong => Record.Wrong;
        public List<PluginChange> Changes { get; } = [];
        public Kill? Killed { get; private set; }

        private string KilledHome => home + "-killed";

        public void Run()
        {
            // Half of the kills between two turns, half inside the step in which a store becomes another epoch.
            var (turn, step) = _choice.Next(2) == 0 ? (_choice.Next(1_500), -1) : (-1, _choice.Next(12));
            _scheduler.BeforeStep = steps => { if (steps == turn) Snapshot("a turn"); };
            _scheduler.Run(() => ExerciseAsync(name => { if (_storeSteps++ == step) Snapshot(name); }));
            if (Killed is not null) Restart(Killed);
        }

        private async Task ExerciseAsync(Action<string> beforeStoreStep)
        {
            _versions = [.. Enumerable.Range(0, Swaps + 1).Select(n => new SimulatedVersion(n, n == 0 ? Failing.Nowhere : FailingBy(), Stores: true))];
            _onDisk = _versions[0].Over(null);
            await using var audit = AuditLog.Begin(new AuditMemory(), new AuditLimits(), TimeProvider.System, span => span.Clear());
            var host = await PluginHost.StartAsync(Options(_scheduler, home, audit, Record, _onDisk) with { BeforeStoreStep = beforeStoreStep });
            await host.Extensions.WhenSettledAsync();
            var events = 10 + _scheduler.Next(15);
            await Task.WhenAll(PublishAsync(host, events), SwapAsync(host));
            for (var i = 0; i < 600 && Record.Latest!.Seen.Count + Record.Cancelled.Count < events; i++) await Task.Delay(TimeSpan.FromSeconds(1), _scheduler.Time);
            await host.DisposeAsync();
            var expected = Enumerable.Range(1, events).Select(n => (long)n).Except(Record.Cancelled);
            if (!Record.Latest!.Seen.SequenceEqual(expected)) Wrong.Add($"saw {string.Join(' ', Record.Latest.Seen)}; cancelled {string.Join(' ', Record.Cancelled)}");
            if (_scheduler.Foreign != 0) Wrong.Add($"{_scheduler.Foreign} steps came from other threads");
            if (Record.Living != 0) Wrong.Add($"{Record.Living} instances are left");
            CheckStore(home, _onDisk, [.. Record.Stored], [.. Record.Storing]);
        }

        private async Task PublishAsync(PluginHost host, int events)
        {
            for (var i = 0; i < events; i++)
            {
                host.Bus.Publish(SimulatedVersion.Topic, new EventsLost { Count = i }, ContractJson.Default.EventsLost);
                await _scheduler.WaverAsync(30);
            }
        }

        private async Task SwapAsync(PluginHost host)
        {
            foreach (var version in _versions.Skip(1))
            {
                await _scheduler.WaverAsync(60);
                var before = _onDisk;
                // As a command does it: first the set that is installed is another, then the hosts follow, or it is taken back.
                _onDisk = version.Over(before);
                var change = Assert.Single(await host.ApplyAsync([_onDisk]));
                Changes.Add(change);
                if (change is PluginChange.SwapFailed) _onDisk = before;
                CheckNothingPending();
            }
        }

        private void CheckNothingPending()
        {
            var folder = Path.Combine(home, SimulatedVersion.Id);
            if (Directory.Exists(folder) && Directory.EnumerateFiles(folder, "*.pending*").Any()) Wrong.Add("a copy was left");
        }

        private void Snapshot(string where)
        {
            Directory.CreateDirectory(Path.Combine(KilledHome, SimulatedVersion.Id));
            var folder = Path.Combine(home, SimulatedVersion.Id);
            if (Directory.Exists(folder))
                foreach (var file in Directory.EnumerateFiles(folder)) Copy(file, Path.Combine(KilledHome, SimulatedVersion.Id, Path.GetFileName(file)));
            Killed = new Kill(where, _onDisk, [.. Record.Stored], [.. Record.Storing]);
        }

        // The lock is held by this very process; all that counts of it is that it is there.
        private static void Copy(string from, string to)
        {
            if (Path.GetExtension(from) == ".lock") File.WriteAllText(to, "");
            else File.Copy(from, to);
        }

        private void Restart(Kill kill)
        {
            var scheduler = new SeededScheduler(seed);
            var record = new SimulationRecord();
            // It failed, if it did, in the swap; that it can start is what is to be seen.
            var number = kill.OnDisk.Entry.StoreEpoch - 1;
            _versions = [.. _versions.Select(version => version.Number == number ? version with { Failing = Failing.Nowhere } : version)];
            scheduler.Run(async () =>
            {
                await using var audit = AuditLog.Begin(new AuditMemory(), new AuditLimits(), TimeProvider.System, span => span.Clear());
                var host = await PluginHost.StartAsync(Options(scheduler, KilledHome, audit, record, kill.OnDisk));
                await host.Extensions.WhenSettledAsync();
                if (host.Plugins.Single() is { State: not PluginState.Active } status) Wrong.Add($"after the kill: {status}");
                await host.DisposeAsync();
            });
            Wrong.AddRange(record.Wrong);
            CheckStore(KilledHome, kill.OnDisk, kill.Stored, kill.Storing);
            Directory.Delete(KilledHome, recursive: true);
        }

        /// <summary>The epoch in force has what is stored for certain, nothing that was never to be stored, and all of it as its version wants it.</summary>
        private void CheckStore(string data, InstalledPlugin plugin, ImmutableHashSet<long> stored, ImmutableHashSet<long> storing)
        {
            var path = PluginStore.DataFile(data, plugin.Manifest.Id, plugin.Entry.StoreEpoch);
            using var store = new StoreFile(path, 1 << 20, new RuntimeLimits());
            if (store.List("", null, 1_000, values: true) is not CallOutcome<StorageListAnswer>.Done { Answer.Items: var items })
            {
                Wrong.Add("the store cannot be read");
                return;
            }
            var found = items.Select(item => long.Parse(item.Key, CultureInfo.InvariantCulture)).ToImmutableHashSet();
            if (!stored.IsSubsetOf(found) || !found.IsSubsetOf(stored.Union(storing)))
                Wrong.Add($"epoch {plugin.Entry.StoreEpoch} has {string.Join(' ', found.Order())}, stored were {string.Join(' ', stored.Order())}");
            var number = plugin.Entry.StoreEpoch - 1;
            if (items.Any(item => item.Value!.Value.GetInt32() != number)) Wrong.Add($"epoch {plugin.Entry.StoreEpoch} is mixed: {string.Join(' ', items.Select(item => $"{item.Key}={item.Value}"))}");
        }

        private PluginHostOptions Options(SeededScheduler scheduler, string data, AuditLog audit, SimulationRecord record, InstalledPlugin plugin) => new()
        {
            Plugins = [plugin],
            Session = new ClusterSession { Client = Client, Context = "demo", User = "admin", Namespace = "default" },
            Audit = audit,
            Log = (_, _, _) => { },
            Bug = (what, bug) => record.Wrong.Add($"{what}: {bug}"),
            Time = scheduler.Time,
            Data = data,
            Work = TaskScheduler.FromCurrentSynchronizationContext(),
            Sandbox = new() { HostCalls = new(1_000_000, 1_000_000) },
            StartGuest = (_, options, _) => StartGuestAsync(options, scheduler, record),
        };

        private async ValueTask<GuestStart> StartGuestAsync(GuestOptions options, SeededScheduler scheduler, SimulationRecord record)
        {
            await scheduler.WaverAsync(4);
            var code = Encoding.UTF8.GetString(options.Code.Span);
            var version = _versions[int.Parse(code.Split(' ')[^1], CultureInfo.InvariantCulture)];
            if (code.StartsWith("migrate", StringComparison.Ordinal)) return new GuestStart.Running(new SimulatedMigration(version, options, scheduler, record));
            return version.Failing == Failing.Load
                ? new GuestStart.Failed(new GuestFault(GuestFaultKind.LoadFailed, "load", InstanceLost: true))
                : new GuestStart.Running(new SimulatedGuest(version, options, scheduler, record));
        }

        private Failing FailingBy() => _scheduler.Next(2) == 0 ? Failing.Nowhere : (Failing)_scheduler.Next(Enum.GetValues<Failing>().Length);
    }
}
