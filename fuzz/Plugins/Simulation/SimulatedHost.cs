using System.Text;
using LazyOC.Cluster;
using LazyOC.Cluster.Config;
using LazyOC.Plugins.Packages;
using LazyOC.Plugins.Runtime;
using LazyOC.Plugins.Sandbox.Audit;
using LazyOC.Plugins.Sandbox.Guests;

namespace LazyOC.Fuzz.Plugins.Simulation;

/// <summary>Makes real plugin hosts whose time, order and guests are simulated.</summary>
internal static class SimulatedHost
{
    // Never spoken to.
    private static readonly ClusterClient Client = new(new ClusterOptions { Server = new Uri("https://127.0.0.1:1") });

    public static PluginHostOptions Options(SeededScheduler scheduler, SimulationRecord record, AuditLog audit, InstalledPlugin plugin, Func<int, SimulatedVersion> versionOf) => new()
    {
        Plugins = [plugin],
        Session = new ClusterSession { Client = Client, Context = "demo", User = "admin", Namespace = "default" },
        Audit = audit,
        Log = (_, _, _) => { },
        Bug = (what, bug) => record.Wrong.Add($"{what}: {bug}"),
        Time = scheduler.Time,
        StartGuest = (_, options, _) => StartAsync(options, versionOf, scheduler, record),
    };

    public static AuditLog Audit() => AuditLog.Begin(new AuditMemory(), new AuditLimits(), TimeProvider.System, span => span.Clear());

    private static async ValueTask<GuestStart> StartAsync(GuestOptions options, Func<int, SimulatedVersion> versionOf, SeededScheduler scheduler, SimulationRecord record)
    {
        await scheduler.WaverAsync(4);
        var code = Encoding.UTF8.GetString(options.Code.Span);
        var version = versionOf(SimulatedVersion.NumberIn(code));
        if (SimulatedVersion.IsMigration(code)) return new GuestStart.Running(new SimulatedMigration(version, options, scheduler, record));
        return version.Failing == Failing.Load
            ? new GuestStart.Failed(new GuestFault(GuestFaultKind.LoadFailed, "load", InstanceLost: true))
            : new GuestStart.Running(new SimulatedGuest(version, options, scheduler, record));
    }
}
