using System.Collections.Immutable;
using System.Text;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Packages;
using LazyOC.Plugins.Runtime;
using LazyOC.Plugins.Runtime.Lifecycle;
using LazyOC.Plugins.Runtime.State;

namespace LazyOC.Fuzz.Plugins.Simulation;

/// <summary>
/// Swaps that migrate what is stored, in real files, by one host or by two that share a home and store all the while. They
/// are killed at a step that a seed decides: what killed processes leave is their home as it was at that step, and as many
/// hosts start again in it.
/// </summary>
internal sealed class StoreSimulation
{
    private const int Swaps = 3;
    private const int LatestTurn = 1_200;

    /// <summary>Every step that a host names, in the order in which a swap that succeeds takes them; those of a failure last.</summary>
    public static readonly ImmutableArray<string> Steps =
    [
        "load", "pause", "dehydrate", "leave", "clean", "copy", "migrate", "activate", "hydrate", "render", "commit", "publish", "published",
        "committed", "deliver", "discard", "discarded",
    ];

    private readonly int _seed;
    private readonly string _home;
    private readonly bool _unmarked;
    private readonly SeededScheduler _scheduler;
    private readonly Random _choice;
    private readonly ImmutableArray<SimulationRecord> _records;
    private readonly ImmutableArray<ImmutableArray<SimulatedVersion>> _versions;
    private readonly ImmutableArray<string>.Builder _kinds = ImmutableArray.CreateBuilder<string>();
    private readonly SimulatedDisk _disk = new();
    private readonly List<string> _wrong = [];
    private readonly (string? Step, int Occurrence, int Turn) _target;
    private InstalledPlugin _onDisk;
    private int _reached;
    private Kill? _kill;

    private StoreSimulation(int seed, string home, bool unmarked)
    {
        _unmarked = unmarked;
        (_seed, _home, _scheduler, _choice) = (seed, home, new SeededScheduler(seed), new Random(seed));
        var hosts = 1 + _choice.Next(2);
        var trace = new StringBuilder();
        _records = [.. Enumerable.Range(0, hosts).Select(host => new SimulationRecord { Disk = _disk, FirstKey = host * 1_000, Trace = trace })];
        // The same versions in each host, but each fails where it will.
        _versions = [.. _records.Select(_ => Enumerable.Range(0, Swaps + 1).Select(n => new SimulatedVersion(n, n == 0 ? Failing.Nowhere : SimulatedVersion.FailingBy(_scheduler), Stores: true)).ToImmutableArray())];
        _onDisk = _versions[0][0].Over(null);
        // Half of the kills between two turns, half at a step that has a name.
        _target = _choice.Next(2) == 0 ? (null, 0, _choice.Next(LatestTurn * hosts)) : (Steps[_choice.Next(Steps.Length)], _choice.Next(Swaps), -1);
    }

    private string KilledHome => _home + "-killed";

    /// <summary>Runs a schedule.</summary>
    /// <param name="seed">Decides everything.</param>
    /// <param name="home">A folder that is not there; nothing is left of it.</param>
    /// <param name="unmarked">Takes away the mark of each epoch that is left, to see that what it prevents is found.</param>
    public static SimulationOutcome Run(int seed, string home, bool unmarked = false)
    {
        var simulation = new StoreSimulation(seed, home, unmarked);
        try
        {
            simulation.Run();
        }
        finally
        {
            if (Directory.Exists(home)) Directory.Delete(home, recursive: true);
            if (Directory.Exists(simulation.KilledHome)) Directory.Delete(simulation.KilledHome, recursive: true);
        }
        return new SimulationOutcome { Seed = seed, Wrong = [.. simulation._wrong], Kinds = simulation._kinds.DrainToImmutable(), Trace = simulation._records[0].Trace.ToString() };
    }

    private void Run()
    {
        _kinds.Add(_records.Length == 1 ? "one host" : "two hosts");
        _scheduler.BeforeStep = turn => { if (turn == _target.Turn) Snapshot("a turn"); };
        _scheduler.Run(ExerciseAsync);
        foreach (var record in _records) _wrong.AddRange(record.Wrong);
        // After the last turn at which it could be killed: this stores something.
        CheckStore(_home, _onDisk, _disk);
        _kinds.AddRange(Enumerable.Repeat("change refused, as its epoch was left", _disk.Refused));
        _kinds.Add(_kill is null ? "not killed" : $"killed at {_kill.Where}");
        if (_kill is not null) Restart(_kill);
    }

    private async Task ExerciseAsync()
    {
        await using var audit = SimulatedHost.Audit();
        var hosts = await Task.WhenAll(_records.Select((record, i) => PluginHost.StartAsync(SimulatedHost.Options(_scheduler, record, audit, _onDisk, number => _versions[i][number]) with
        {
            Data = _home,
            Work = TaskScheduler.FromCurrentSynchronizationContext(),
            Sandbox = new() { HostCalls = new(1_000_000, 1_000_000) },
            BeforeStep = BeforeStep,
        })));
        foreach (var host in hosts) await host.Extensions.WhenSettledAsync();
        var events = 10 + _scheduler.Next(15);
        await Task.WhenAll([.. hosts.Select(host => PublishAsync(host, events)), InstallAsync(hosts)]);
        foreach (var record in _records)
            for (var i = 0; i < 600 && record.Latest!.Seen.Count + record.Cancelled.Count < events; i++) await Task.Delay(TimeSpan.FromSeconds(1), _scheduler.Time);
        foreach (var host in hosts) await host.DisposeAsync();
        foreach (var record in _records)
        {
            var expected = Enumerable.Range(1, events).Select(n => (long)n).Except(record.Cancelled);
            if (!record.Latest!.Seen.SequenceEqual(expected)) _wrong.Add($"saw {string.Join(' ', record.Latest.Seen)}; cancelled {string.Join(' ', record.Cancelled)}");
            if (record.Living != 0) _wrong.Add($"{record.Living} instances are left");
        }
        if (_scheduler.Foreign != 0) _wrong.Add($"{_scheduler.Foreign} steps came from other threads");
    }

    private async Task PublishAsync(PluginHost host, int events)
    {
        for (var i = 0; i < events; i++)
        {
            host.Bus.Publish(SimulatedVersion.Topic, new EventsLost { Count = i }, ContractJson.Default.EventsLost);
            await _scheduler.WaverAsync(30);
        }
    }

    /// <summary>As a command does it: the set that is installed becomes another, all hosts follow at once, and when one cannot it is taken back in all.</summary>
    private async Task InstallAsync(PluginHost[] hosts)
    {
        foreach (var version in _versions[0].Skip(1))
        {
            await _scheduler.WaverAsync(60);
            var before = _onDisk;
            _onDisk = version.Over(before);
            if ((await ApplyAsync()).Any(change => change is PluginChange.SwapFailed))
            {
                _disk.TakenBack.Add(version.Number);
                _onDisk = before;
                await ApplyAsync();
                _kinds.Add("taken back");
            }
            if (Pending(_home).Any()) _wrong.Add("a copy was left");
        }

        async Task<ImmutableArray<PluginChange>> ApplyAsync()
        {
            var changes = (await Task.WhenAll(hosts.Select(async host => await host.ApplyAsync([_onDisk])))).SelectMany(changes => changes).ToImmutableArray();
            _kinds.AddRange(changes.Select(change => change.GetType().Name));
            return changes;
        }
    }

    private void BeforeStep(string name)
    {
        if (_unmarked && name == "clean")
            foreach (var mark in Directory.EnumerateFiles(FolderIn(_home), "*.left")) File.Delete(mark);
        if (name == _target.Step && _reached++ == _target.Occurrence) Snapshot(name);
        if (!Steps.Contains(name)) _wrong.Add($"the step {name} is not among those that hosts are killed at");
    }

    private void Snapshot(string where)
    {
        Directory.CreateDirectory(FolderIn(KilledHome));
        if (Directory.Exists(FolderIn(_home)))
            foreach (var file in Directory.EnumerateFiles(FolderIn(_home))) Copy(file, Path.Combine(FolderIn(KilledHome), Path.GetFileName(file)));
        _kill = new Kill(where, _onDisk, _disk.Copy());
    }

    // The lock is held by this very process; all that counts of it is that it is there.
    private static void Copy(string from, string to)
    {
        if (Path.GetExtension(from) == ".lock") File.WriteAllText(to, "");
        else File.Copy(from, to);
    }

    private void Restart(Kill kill)
    {
        var scheduler = new SeededScheduler(_seed);
        var records = _records.Select(_ => new SimulationRecord()).ToArray();
        // It failed, if it did, in the swap; that it can start is what is to be seen.
        var number = kill.OnDisk.Entry.StoreEpoch - 1;
        scheduler.Run(async () =>
        {
            await using var audit = SimulatedHost.Audit();
            var hosts = await Task.WhenAll(records.Select(record => PluginHost.StartAsync(
                SimulatedHost.Options(scheduler, record, audit, kill.OnDisk, n => n == number ? _versions[0][n] with { Failing = Failing.Nowhere } : _versions[0][n]) with
                {
                    Data = KilledHome,
                    Work = TaskScheduler.FromCurrentSynchronizationContext(),
                })));
            foreach (var host in hosts)
            {
                await host.Extensions.WhenSettledAsync();
                if (host.Plugins.Single() is { State: not PluginState.Active } status) _wrong.Add($"after the kill at {kill.Where}: {status}");
            }
            foreach (var host in hosts) await host.DisposeAsync();
        });
        foreach (var record in records) _wrong.AddRange(record.Wrong);
        CheckStore(KilledHome, kill.OnDisk, kill.Disk);
    }

    /// <summary>The epoch in force has what is stored for certain, nothing that was never to be stored, all of it as its version wants it; more can be stored, and nothing lies about.</summary>
    private void CheckStore(string home, InstalledPlugin plugin, SimulatedDisk disk)
    {
        var at = home == KilledHome ? $"after the kill at {_kill!.Where}: " : "";
        var path = PluginStore.DataFile(home, plugin.Manifest.Id, plugin.Entry.StoreEpoch);
        var (number, problems) = (plugin.Entry.StoreEpoch - 1, StoreCheck.Of(path, plugin.Entry.StoreEpoch - 1, disk));
        _wrong.AddRange(problems.Select(problem => $"{at}epoch {number + 1}: {problem}"));
        if (Pending(home).Any()) _wrong.Add($"{at}a copy was left");
        using var held = MigrationLock.TryTake(FolderIn(home));
        if (held is null) _wrong.Add($"{at}the migration is locked");
    }

    private static IEnumerable<string> Pending(string home) =>
        Directory.Exists(FolderIn(home)) ? Directory.EnumerateFiles(FolderIn(home), $"*{StoreFolder.Pending}*") : [];

    private static string FolderIn(string home) => Path.Combine(home, SimulatedVersion.Id);

    /// <summary>How it was when the hosts were killed.</summary>
    private sealed record Kill(string Where, InstalledPlugin OnDisk, SimulatedDisk Disk);
}
