using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using LazyOC.Cluster;
using LazyOC.Cluster.Config;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Runtime.Extensions;
using LazyOC.Plugins.Sandbox.Audit;
using LazyOC.Plugins.Sandbox.Guests;

namespace LazyOC.Plugins.Runtime.Tests.HotSwap;

/// <summary>
/// The whole protocol on one thread, in thousands of orders: events, requests, views and swaps at the same time, with new
/// versions that fail wherever one can. <c>LAZYOC_SWAP_SCHEDULES</c> says how many orders.
/// </summary>
public sealed class SwapSimulationTests
{
    private const int DefaultSchedules = 3_000;
    private const int Swaps = 4;

    // Never spoken to.
    private static readonly ClusterClient Client = new(new ClusterOptions { Server = new Uri("https://127.0.0.1:1") });

    private static int Schedules =>
        int.TryParse(Environment.GetEnvironmentVariable("LAZYOC_SWAP_SCHEDULES"), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : DefaultSchedules;

    [Fact]
    public void Swap_InAnyOrder_LosesNoEventAndDoublesNone()
    {
        var outcomes = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var seed = 0; seed < Schedules; seed++)
        {
            var run = Simulate(seed);
            Assert.True(run.Problem is null, $"seed {seed}: {run.Problem}\n{run.Record.Trace}");
            foreach (var change in run.Changes) outcomes[change.GetType().Name] = outcomes.GetValueOrDefault(change.GetType().Name) + 1;
        }
        // The orders are of use only when they lead everywhere.
        Assert.True(outcomes.GetValueOrDefault(nameof(PluginChange.Swapped)) > Schedules / 2, string.Join(", ", outcomes));
        Assert.True(outcomes.GetValueOrDefault(nameof(PluginChange.SwapFailed)) > Schedules / 2, string.Join(", ", outcomes));
    }

    [Fact]
    public void Simulation_WithOneSeed_IsTheSameEachTime() => Assert.Equal(Simulate(7).Record.Trace.ToString(), Simulate(7).Record.Trace.ToString());

    private static SimulationRun Simulate(int seed)
    {
        var scheduler = new SeededScheduler(seed);
        var run = new SimulationRun();
        scheduler.Run(async () =>
        {
            await using var audit = AuditLog.Begin(new AuditMemory(), new AuditLimits(), TimeProvider.System, span => span.Clear());
            var versions = Enumerable.Range(0, Swaps + 1).Select(n => new SimulatedVersion(n, n == 0 ? Failing.Nowhere : FailingBy(scheduler))).ToImmutableArray();
            var host = await PluginHost.StartAsync(new PluginHostOptions
            {
                Plugins = [versions[0].Plugin],
                Session = new ClusterSession { Client = Client, Context = "demo", User = "admin", Namespace = "default" },
                Audit = audit,
                Log = (_, _, _) => { },
                Bug = (what, bug) => run.Record.Wrong.Add($"{what}: {bug}"),
                Time = scheduler.Time,
                // Time passes only when nothing else can: a timer that always comes again would hide that a run is stuck.
                Limits = new RuntimeLimits { HibernateAfter = Timeout.InfiniteTimeSpan, StateInterval = Timeout.InfiniteTimeSpan },
                StartGuest = (_, options, _) => StartAsync(versions[int.Parse(Encoding.UTF8.GetString(options.Code.Span), CultureInfo.InvariantCulture)], options, scheduler, run.Record),
            });
            await host.Extensions.WhenSettledAsync();
            await ExerciseAsync(host, versions, scheduler, run);
            await host.DisposeAsync();
            if (run.Record.Living != 0) run.Record.Wrong.Add($"{run.Record.Living} instances are left");
            if (scheduler.Foreign != 0) run.Record.Wrong.Add($"{scheduler.Foreign} steps came from other threads");
            if (run.Record.Wrong.Count > 0) run.Problem = string.Join('\n', run.Record.Wrong.Append(run.Problem));
        });
        return run;
    }

    private static async Task ExerciseAsync(PluginHost host, ImmutableArray<SimulatedVersion> versions, SeededScheduler scheduler, SimulationRun run)
    {
        var events = 20 + scheduler.Next(30);
        var view = scheduler.Next(2) == 0 ? host.Extensions.OpenTab($"{SimulatedVersion.Id}.tab", HostFixture.Pod(), 80, 20) : null;
        await Task.WhenAll(PublishAsync(), SwapAsync(), ComputeAsync());
        for (var i = 0; i < 600 && run.Record.Latest!.Seen.Count + run.Record.Cancelled.Count < events; i++) await Task.Delay(TimeSpan.FromSeconds(1), scheduler.Time);
        var expected = Enumerable.Range(1, events).Select(n => (long)n).Except(run.Record.Cancelled);
        if (!run.Record.Latest!.Seen.SequenceEqual(expected)) run.Problem = $"saw {string.Join(' ', run.Record.Latest.Seen)}; cancelled {string.Join(' ', run.Record.Cancelled)}";
        CheckScreen(host, view, run);

        async Task PublishAsync()
        {
            for (var i = 0; i < events; i++)
            {
                host.Bus.Publish(SimulatedVersion.Topic, new EventsLost { Count = i }, ContractJson.Default.EventsLost);
                await scheduler.WaverAsync(6);
            }
        }

        async Task SwapAsync()
        {
            for (var i = 1; i < versions.Length; i++)
            {
                await scheduler.WaverAsync(10);
                run.Changes.AddRange(await host.ApplyAsync([versions[i].Plugin]));
            }
        }

        async Task ComputeAsync()
        {
            for (var i = 0; i < 6; i++)
            {
                await scheduler.WaverAsync(20);
                var reply = await host.Extensions.RunCommandAsync($"{SimulatedVersion.Id}.command");
                if (reply is not InvocationResult.Done) run.Record.Wrong.Add($"a command ended in {reply}");
                view?.Refresh();
            }
        }
    }

    private static void CheckScreen(PluginHost host, ViewSession? view, SimulationRun run)
    {
        var version = host.Plugins.Single().Version;
        var shown = $"v{version[(version.LastIndexOf('.') + 1)..]}";
        if (host.Extensions.StatusItems.Single().State is not StatusItemState.Set set || set.Text != shown) run.Problem ??= $"the status item is not of {shown}: {host.Extensions.StatusItems.Single().State}";
        if (view is not null && (view.State is not ViewState.Ready { Content: Contracts.Views.ViewNode.Empty empty } || empty.Message != shown)) run.Problem ??= $"the view is not of {shown}: {view.State}";
    }

    private static async ValueTask<GuestStart> StartAsync(SimulatedVersion version, GuestOptions options, SeededScheduler scheduler, SimulationRecord record)
    {
        await scheduler.WaverAsync(4);
        return version.Failing == Failing.Load
            ? new GuestStart.Failed(new GuestFault(GuestFaultKind.LoadFailed, "load", InstanceLost: true))
            : new GuestStart.Running(new SimulatedGuest(version, options, scheduler, record));
    }

    private static Failing FailingBy(SeededScheduler scheduler) =>
        scheduler.Next(2) == 0 ? Failing.Nowhere : (Failing)scheduler.Next(Enum.GetValues<Failing>().Length);

    private sealed class SimulationRun
    {
        public SimulationRecord Record { get; } = new();
        public List<PluginChange> Changes { get; } = [];
        public string? Problem { get; set; }
    }
}
