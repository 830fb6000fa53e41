using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Permissions;

namespace LazyOC.Plugins.Sandbox.Broker;

/// <summary>What a plugin instance belongs to; a switch of context or user makes a new epoch.</summary>
/// <param name="Context">Name of the kubeconfig context.</param>
/// <param name="User">The user in it.</param>
/// <param name="Epoch">Counts up with every switch.</param>
public sealed record PluginSession(string Context, string User, long Epoch)
{
    /// <summary>The name in envelopes: <c>CONTEXT/USER#EPOCH</c>.</summary>
    public override string ToString() => $"{Context}/{User}#{Epoch}";
}

/// <summary>On whose behalf a call is made.</summary>
public sealed record PluginPrincipal
{
    public required PluginId Id { get; init; }
    public required string Version { get; init; }

    /// <summary>SHA-256 of the package.</summary>
    public required string Digest { get; init; }

    public required PluginSession Session { get; init; }

    /// <summary>The effective permissions: nothing else is permitted.</summary>
    public required PermissionSet Granted { get; init; }

    /// <summary>Calls that change the cluster are refused, whatever is granted.</summary>
    public required bool ReadOnly { get; init; }
}
