using System.Collections.Immutable;
using LazyOC.Cluster.Errors;
using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.Screen;

/// <summary>What became of a frame that was asked for.</summary>
public abstract record FrameResult
{
    private FrameResult() { }

    /// <summary>Everything on it has answered or failed visibly.</summary>
    public sealed record Frame(CellBuffer Cells) : FrameResult;

    /// <summary>Time ran out.</summary>
    /// <param name="Waits">What had not answered.</param>
    /// <param name="Partial">The frame as far as it came.</param>
    public sealed record NotSettled(ImmutableArray<string> Waits, CellBuffer Partial) : FrameResult;

    /// <summary>The kind, object or tab asked for does not exist.</summary>
    /// <param name="Message">What was not found, where.</param>
    /// <param name="Hint">The nearest names, or how to list them.</param>
    public sealed record NotFound(string Message, string Hint) : FrameResult;

    /// <summary>The cluster does not answer, so there is nothing to draw.</summary>
    public sealed record Unavailable(ClusterException Cause) : FrameResult;
}
