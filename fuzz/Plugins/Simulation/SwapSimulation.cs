using System.Collections.Immutable;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Plugins.Runtime;
using LazyOC.Plugins.Runtime.Extensions;

namespace LazyOC.Fuzz.Plugins.Simulation;

/// <summary>
/// The whole protocol of a swap in one host and on one thread: events, requests, views and swaps at the same time, in an
/// order that a seed decides, with new versions that fail wherever one can.
/// </summary>
internal sealed class SwapSimulation
{
    private const int Swaps = 4;

    private readonly int _seed;
    private readonly SeededScheduler _scheduler;
    private readonly SimulationRecord _record = new();
    private readonly ImmutableArray<string>.Builder _kinds = ImmutableArray.CreateBuilder<string>();

    private SwapSimulation(int seed) => (_seed, _scheduler) = (seed, new SeededScheduler(seed));

    public static SimulationOutcome Run(int seed)
    {
        var simulation = new SwapSimulation(seed);
        simulation._scheduler.Run(simulation.RunAsync);
        return new SimulationOutcome { Seed = seed, Wrong = [.. simulation._record.Wrong], Kinds = simulation._kinds.DrainToImmutable(), Trace = simulation._record.Trace.ToString() };
    }

    private async Task RunAsync()
    {
        await using var audit = SimulatedHost.Audit();
        var versions = Enumerable.Range(0, Swaps + 1).Select(n => new SimulatedVersion(n, n == 0 ? Failing.Nowhere : SimulatedVersion.FailingBy(_scheduler))).ToImmutableArray();
        var host = await PluginHost.StartAsync(SimulatedHost.Options(_scheduler, _record, audit, versions[0].Plugin, number => versions[number]) with
        {
            // Time passes only when nothing else can: a timer that always comes again would hide that a run is stuck.
            Limits = new RuntimeLimits { HibernateAfter = Timeout.InfiniteTimeSpan, StateInterval = Timeout.InfiniteTimeSpan },
        });
        await host.Extensions.WhenSettledAsync();
        await ExerciseAsync(host, versions);
        await host.DisposeAsync();
        if (_record.Living != 0) _record.Wrong.Add($"{_record.Living} instances are left");
        if (_scheduler.Foreign != 0) _record.Wrong.Add($"{_scheduler.Foreign} steps came from other threads");
    }

    private async Task ExerciseAsync(PluginHost host, ImmutableArray<SimulatedVersion> versions)
    {
        var events = 20 + _scheduler.Next(30);
        var view = _scheduler.Next(2) == 0 ? host.Extensions.OpenTab($"{SimulatedVersion.Id}.tab", new ObjectReference { Group = "", Kind = "Pod", Namespace = "bookstore", Name = "cart" }, 80, 20) : null;
        await Task.WhenAll(PublishAsync(host, events), SwapAsync(host, versions), ComputeAsync(host, view));
        for (var i = 0; i < 600 && _record.Latest!.Seen.Count + _record.Cancelled.Count < events; i++) await Task.Delay(TimeSpan.FromSeconds(1), _scheduler.Time);
        var expected = Enumerable.Range(1, events).Select(n => (long)n).Except(_record.Cancelled);
        if (!_record.Latest!.Seen.SequenceEqual(expected)) _record.Wrong.Add($"saw {string.Join(' ', _record.Latest.Seen)}; cancelled {string.Join(' ', _record.Cancelled)}");
        _kinds.AddRange(Enumerable.Repeat("event", _record.Latest.Seen.Count));
        _kinds.AddRange(Enumerable.Repeat("event cancelled", _record.Cancelled.Count));
        CheckScreen(host, view);
    }

    private async Task PublishAsync(PluginHost host, int events)
    {
        for (var i = 0; i < events; i++)
        {
            host.Bus.Publish(SimulatedVersion.Topic, new EventsLost { Count = i }, ContractJson.Default.EventsLost);
            await _scheduler.WaverAsync(6);
        }
    }

    private async Task SwapAsync(PluginHost host, ImmutableArray<SimulatedVersion> versions)
    {
        foreach (var version in versions.Skip(1))
        {
            await _scheduler.WaverAsync(10);
            foreach (var change in await host.ApplyAsync([version.Plugin])) _kinds.Add($"{change.GetType().Name} {version.Failing}");
        }
    }

    private async Task ComputeAsync(PluginHost host, ViewSession? view)
    {
        for (var i = 0; i < 6; i++)
        {
            await _scheduler.WaverAsync(20);
            var reply = await host.Extensions.RunCommandAsync($"{SimulatedVersion.Id}.command");
            if (reply is not InvocationResult.Done) _record.Wrong.Add($"a command ended in {reply}");
            view?.Refresh();
        }
    }

    private void CheckScreen(PluginHost host, ViewSession? view)
    {
        var version = host.Plugins.Single().Version;
        var shown = $"v{version[(version.LastIndexOf('.') + 1)..]}";
        if (host.Extensions.StatusItems.Single().State is not StatusItemState.Set set || set.Text != shown) _record.Wrong.Add($"the status item is not of {shown}: {host.Extensions.StatusItems.Single().State}");
        if (view is not null && (view.State is not ViewState.Ready { Content: ViewNode.Empty empty } || empty.Message != shown)) _record.Wrong.Add($"the view is not of {shown}: {view.State}");
    }
}
