using System.Collections.Immutable;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Calls;
using LazyOC.Plugins.Sandbox.Guests;

namespace LazyOC.Plugins.Runtime;

/// <summary>Makes an instance of a plugin: the seam to the engines.</summary>
/// <param name="main">The manifest's <c>main</c>; its extension tells the engine.</param>
/// <param name="options">What the instance is made of.</param>
/// <param name="cancellationToken">Ends the start.</param>
public delegate ValueTask<IGuest> OpenGuest(string main, GuestOptions options, CancellationToken cancellationToken);

/// <summary>What a <see cref="PluginHost"/> is made of.</summary>
public sealed record PluginHostOptions
{
    /// <summary>The enabled plugins.</summary>
    public required ImmutableArray<HostedPlugin> Plugins { get; init; }

    public required ClusterSession Session { get; init; }

    public required OpenGuest OpenGuest { get; init; }

    /// <summary>Receives each plugin's log lines; called on any thread, must return at once.</summary>
    public required Action<PluginId, PluginLogLevel, string> Log { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public RuntimeLimits Limits { get; init; } = new();
}
