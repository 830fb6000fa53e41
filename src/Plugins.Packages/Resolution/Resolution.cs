using System.Collections.Immutable;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Versions;

namespace LazyOC.Plugins.Packages.Resolution;

/// <summary>What came of solving.</summary>
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
