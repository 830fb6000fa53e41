using System.Collections.Concurrent;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Permissions;
using LazyOC.Plugins.Runtime.Supervision;
using LazyOC.Plugins.Sandbox.Broker;

namespace LazyOC.Plugins.Runtime;

/// <content>Which permissions a plugin uses, for its author.</content>
public sealed partial class PluginHost
{
    private readonly ConcurrentDictionary<PluginId, PermissionRecord> _permissionRecords = [];

    /// <summary>
    /// What a plugin has made of its permissions so far. The first call begins to record, also for one that does not run yet; then its
    /// record is empty.
    /// </summary>
    public RecordedPermissions RecordPermissions(PluginId plugin)
    {
        var record = _permissionRecords.GetOrAdd(plugin, _ => new PermissionRecord(_options.Limits));
        return _actors.GetValueOrDefault(plugin)?.Plugin is { } running
            ? record.Take(running.Entry.Granted, name => SettingsOf(running.Manifest).TextOf(name))
            : record.Take(PermissionSet.None, static _ => null);
    }

    /// <summary>Ends the record.</summary>
    public void ForgetPermissions(PluginId plugin) => _permissionRecords.TryRemove(plugin, out _);

    private void OnDemand(PluginPrincipal plugin, Demand demand, DemandOutcome outcome)
    {
        if (!_permissionRecords.IsEmpty && _permissionRecords.TryGetValue(plugin.Id, out var record)) record.Add(demand, outcome);
    }
}
