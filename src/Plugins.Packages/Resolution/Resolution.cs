using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Versions;

namespace LazyOC.Plugins.Packages.Resolution;

/// <summary>What came of solving.</summary>
/// <remarks>Within the namespaces of this room the name alone means the namespace: <c>using static</c> brings the cases in.</remarks>
[SuppressMessage("Design", "MA0049:Type name should not match containing namespace", Justification = "Callers in other rooms read `Resolution.Solved`, and the folder is the concept.")]
public abstract record Resolution
{
    private Resolution() { }

    /// <summary>One version of each plugin that is needed, and of no other.</summary>
    /// <param name="Versions">The solution.</param>
    /// <param name="NeededBy">Of each plugin of it those whose dependency it is, in order; none where only the request wants it.</param>
    public sealed record Solved(
        ImmutableSortedDictionary<PluginId, SemanticVersion> Versions,
        ImmutableSortedDictionary<PluginId, ImmutableArray<PluginId>> NeededBy) : Resolution;

    /// <summary>There is no solution.</summary>
    public sealed record Unsolvable(Explanation Explanation) : Resolution;

    /// <summary>Whether there is one could not be found out: the source refused, or a limit was reached.</summary>
    public sealed record Refused(ImmutableArray<Problem> Problems) : Resolution;
}
