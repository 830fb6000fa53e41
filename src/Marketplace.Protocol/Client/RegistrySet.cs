using System.Collections.Concurrent;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Marketplace.Protocol.Client;

/// <summary>The registries of a user, each with one client. Thread safe.</summary>
/// <param name="list">Which there are.</param>
/// <param name="open">Makes the client of one.</param>
/// <param name="only">Name of the only one to be asked; what the list has in another one is then had from nowhere. Null for all.</param>
public sealed class RegistrySet(RegistryList list, Func<RegistryEntry, RegistryClient> open, string? only = null)
{
    private readonly ConcurrentDictionary<string, RegistryClient> _clients = new(StringComparer.Ordinal);

    public RegistryList List => list;

    /// <summary>The registry that a plugin comes from; null when none holds its publisher, or that one is not to be asked.</summary>
    public RegistryClient? Of(PluginId id) => list.Of(id) is { } entry && (only is null || entry.Name == only) ? _clients.GetOrAdd(entry.Name, _ => open(entry)) : null;
}
