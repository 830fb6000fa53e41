using LazyOC.Plugins.Contracts;

namespace LazyOC.Plugins.Runtime;

/// <summary>What <see cref="PluginHost.ApplyAsync"/> did with one plugin.</summary>
/// <param name="Plugin">Which.</param>
public abstract record PluginChange(PluginId Plugin)
{
    /// <summary>It is offered from now on, and activated as its manifest says.</summary>
    public sealed record Added(PluginId Plugin, string Version) : PluginChange(Plugin);

    /// <summary>It has ended; its calls ended <c>cancelled</c> and what it contributed is gone.</summary>
    public sealed record Removed(PluginId Plugin, string Version) : PluginChange(Plugin);

    /// <summary>Another package took over, with its state when it had any. The versions may be the same.</summary>
    public sealed record Swapped(PluginId Plugin, string From, string To) : PluginChange(Plugin);

    /// <summary>The package is the same, what it may do is not: it was started anew.</summary>
    public sealed record Regranted(PluginId Plugin, string Version) : PluginChange(Plugin);

    /// <summary>The package and its rights are the same, what it may use is not: it was started anew.</summary>
    public sealed record Limited(PluginId Plugin, string Version) : PluginChange(Plugin);

    /// <summary>Nothing about it is different.</summary>
    public sealed record Unchanged(PluginId Plugin, string Version) : PluginChange(Plugin);

    /// <summary>The other package could not take over: the one before goes on as if nothing had been tried.</summary>
    /// <param name="Plugin">Which.</param>
    /// <param name="From">The version that goes on.</param>
    /// <param name="To">The version that was refused.</param>
    /// <param name="Reason">Why, for the user.</param>
    /// <param name="Stack">The guest's stack, when it has one.</param>
    public sealed record SwapFailed(PluginId Plugin, string From, string To, string Reason, string? Stack = null) : PluginChange(Plugin);
}
