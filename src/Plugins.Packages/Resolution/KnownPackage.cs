using System.Collections.Immutable;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Versions;

namespace LazyOC.Plugins.Packages.Resolution;

/// <summary>A plugin whose versions are known, in ascending order: their states are counted from 1.</summary>
internal sealed class KnownPackage
{
    private readonly ImmutableArray<PackageVersion> _versions;

    private KnownPackage(PluginId id, int index, ImmutableArray<PackageVersion> versions)
    {
        (Id, Index, _versions) = (id, index, versions);
        Everything = StateSet.All(StateCount);
        Absent = StateSet.Only(StateCount, 0);
        Present = Everything.Except(Absent);
    }

    public PluginId Id { get; }

    /// <summary>Its place in the order in which plugins became known, which does not depend on who answers first.</summary>
    public int Index { get; }

    public int StateCount => _versions.Length + 1;

    public StateSet Everything { get; }

    public StateSet Absent { get; }

    /// <summary>All versions.</summary>
    public StateSet Present { get; }

    public PackageVersion this[int state] => _versions[state - 1];

    /// <summary>Sorts what the source answered, or says what is wrong with it.</summary>
    public static Outcome<KnownPackage> Create(PluginId id, int index, ImmutableArray<PackageVersion> answer, SolverLimits limits)
    {
        if (answer.Length > limits.MaxVersions) return new Problem(id.ToString(), $"has {answer.Length} versions; at most {limits.MaxVersions} are looked at");
        var sorted = answer.Sort(static (left, right) => left.Version.CompareTo(right.Version));
        for (var i = 1; i < sorted.Length; i++)
            if (sorted[i].Version == sorted[i - 1].Version) return new Problem(id.ToString(), $"has version `{sorted[i].Version}` twice", "the registry's index is damaged: tell its operator");
        return new KnownPackage(id, index, sorted);
    }

    /// <summary>The versions that a range holds.</summary>
    public StateSet Matching(VersionRange range) => StateSet.Of(StateCount, state => state > 0 && range.Contains(this[state].Version));

    public StateSet Only(int state) => StateSet.Only(StateCount, state);

    /// <summary>The state of a version; null when there is no such version.</summary>
    public int? StateOf(SemanticVersion version)
    {
        var (low, high) = (1, _versions.Length);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            switch (this[middle].Version.CompareTo(version))
            {
                case 0: return middle;
                case < 0: low = middle + 1; break;
                default: high = middle - 1; break;
            }
        }
        return null;
    }

    /// <summary>The version and its neighbours that have the same dependency: what is said of one is said of all.</summary>
    public StateSet SharingDependency(int state, PluginId dependency, VersionRange range, bool optional)
    {
        var (from, to) = (state, state);
        while (from > 1 && Has(from - 1)) from--;
        while (to < _versions.Length && Has(to + 1)) to++;
        return StateSet.Of(StateCount, other => other >= from && other <= to);

        bool Has(int other) =>
            (optional ? this[other].OptionalDependencies : this[other].Dependencies).TryGetValue(dependency, out var its)
            && (ReferenceEquals(its, range) || its.Equals(range));
    }
}
