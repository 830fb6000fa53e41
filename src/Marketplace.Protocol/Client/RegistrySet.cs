using System.Collections.Concurrent;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Marketplace.Protocol.Client;

/// <summary>The registries of a user, each with one client. Thread safe.</summary>
/// <param name="list">Which there are.</param>
/// <param name="open">Makes the client of one.</param>
public sealed class RegistrySet(RegistryList list, Func<RegistryEntry, RegistryClient> open)
{
    private readonly ConcurrentDictionary<string, RegistryClient> _clients = new(StringComparer.Ordinal);

    public RegistryList List => list;

    /// <summary>The registry that a plugin comes from; null when none holds its publisher.</summary>
    public RegistryClient? Of(PluginId id) => list.Of(id) is { } entry ? Of(entry) : null;

    public RegistryClient Of(RegistryEntry entry) => _clients.GetOrAdd(entry.Name, _ => open(entry));
}
