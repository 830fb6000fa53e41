using System.Collections.Immutable;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Contracts.Views;

namespace LazyOC.Plugins.Runtime.Extensions;

/// <summary>What became of a computed column.</summary>
public abstract record ComputeResult
{
    private ComputeResult() { }

    /// <summary>One cell a row, in order.</summary>
    public sealed record Computed(ImmutableArray<ComputedCell> Cells) : ComputeResult;

    /// <summary>The plugin gave no cells.</summary>
    public sealed record Faulted(PluginFailure Failure) : ComputeResult;
}

/// <summary>What became of an action or a command.</summary>
public abstract record InvocationResult
{
    private InvocationResult() { }

    /// <summary>The plugin finished it.</summary>
    public sealed record Done : InvocationResult;

    /// <summary>It failed; what the plugin did before stays done.</summary>
    public sealed record Faulted(PluginFailure Failure) : InvocationResult;
}

/// <summary>An item of the status bar.</summary>
/// <param name="Item">What the manifest declares, and whose it is.</param>
/// <param name="State">What to show.</param>
public sealed record StatusItem(Contributed<StatusItemContribution> Item, StatusItemState State);

/// <summary>What a status item shows.</summary>
public abstract record StatusItemState
{
    private StatusItemState() { }

    /// <summary>Its plugin is starting, or has just started and has not set it yet.</summary>
    public sealed record Pending : StatusItemState;

    /// <summary>Nothing to show: its plugin is not active, or leaves it unset.</summary>
    public sealed record Unset : StatusItemState;

    /// <summary>Text without line breaks or control characters; semantic style.</summary>
    public sealed record Set(string Text, TextStyle Style) : StatusItemState;

    /// <summary>Its plugin failed.</summary>
    public sealed record Faulted(PluginFailure Failure) : StatusItemState;
}
