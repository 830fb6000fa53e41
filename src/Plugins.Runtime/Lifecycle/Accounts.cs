using System.Collections.Concurrent;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Sandbox.Guests;

namespace LazyOC.Plugins.Runtime.Lifecycle;

/// <summary>What plugins used in instances that are gone, and what no instance counts. Thread safe.</summary>
internal sealed class Accounts
{
    private readonly ConcurrentDictionary<PluginId, PluginAccount> _past = new();

    public PluginAccount PastOf(PluginId plugin) => _past.GetValueOrDefault(plugin);

    public void AddPast(PluginId plugin, GuestUsage usage) =>
        Change(plugin, a => a with { Cpu = a.Cpu + usage.Cpu, Messages = a.Messages + usage.Messages });

    public void AddFault(PluginId plugin) => Change(plugin, a => a with { Faults = a.Faults + 1 });

    public void AddRestart(PluginId plugin) => Change(plugin, a => a with { Restarts = a.Restarts + 1 });

    public void AddLost(PluginId plugin, long events) => Change(plugin, a => a with { EventsLost = a.EventsLost + events });

    private void Change(PluginId plugin, Func<PluginAccount, PluginAccount> change) =>
        _past.AddOrUpdate(plugin, _ => change(default), (_, account) => change(account));
}
