using System.Collections.Immutable;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Runtime.Extensions;
using LazyOC.Plugins.Runtime.Lifecycle;

namespace LazyOC.Plugins.Runtime;

/// <summary>
/// Runs the enabled plugins of one user: activates them when they are needed, supervises them and offers what they
/// contribute.
/// </summary>
/// <remarks>Thread safe. Nothing here waits for a guest unless it returns a task; nothing throws for what a guest does.</remarks>
public sealed class PluginHost : IAsyncDisposable
{
    private PluginHost(PluginHostOptions options) => Options = options;

    private PluginHostOptions Options { get; }

    /// <summary>Begins to run plugins; those with <c>onStartup</c> are being activated when this returns.</summary>
    public static Task<PluginHost> StartAsync(PluginHostOptions options, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>What the plugins add to the screen, and how to ask them for it.</summary>
    public ExtensionPoints Extensions => throw new NotImplementedException();

    /// <summary>State and use of resources of every plugin, by id.</summary>
    public ImmutableArray<PluginStatus> Plugins => throw new NotImplementedException();

    /// <summary>
    /// Ends the session: every instance is disposed, its calls end <c>cancelled</c>, gestures die; then plugins start anew
    /// against the other cluster, user or read-only mode.
    /// </summary>
    public Task SwitchSessionAsync(ClusterSession session, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>Lets a quarantined or suspended plugin run again when it is next needed; false when it was neither.</summary>
    public bool Lift(PluginId plugin) => throw new NotImplementedException();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
