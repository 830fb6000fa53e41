using System.Collections.Immutable;
using LazyOC.Plugins.Contracts.Versions;

namespace LazyOC.Marketplace.Scanning.Advisories;

/// <summary>How bad an advisory is.</summary>
internal enum AdvisorySeverity
{
    Low,
    Moderate,

    /// <summary>It does not say; as <see cref="Moderate"/>, a person has to look.</summary>
    Unknown,
    High,
    Critical,
}

/// <summary>One advisory in the OSV format (https://ossf.github.io/osv-schema/), as far as it is about npm packages.</summary>
/// <param name="Id">Such as <c>GHSA-…</c> or <c>MAL-…</c>.</param>
/// <param name="Summary">The advisory's own words; empty when it has none.</param>
/// <param name="Severity">How bad it is.</param>
/// <param name="Affected">Which versions of which packages.</param>
internal sealed record Advisory(string Id, string Summary, AdvisorySeverity Severity, ImmutableArray<AffectedPackage> Affected);

/// <summary>Versions of a package.</summary>
/// <param name="Name">Of the npm package, with its scope.</param>
/// <param name="Ranges">Ranges of versions; any suffices.</param>
/// <param name="Versions">Versions one by one.</param>
internal sealed record AffectedPackage(string Name, ImmutableArray<AffectedRange> Ranges, ImmutableHashSet<string> Versions)
{
    /// <summary>Whether a version is among them; null when that cannot be said, as the version is not one of npm's.</summary>
    public bool? Affects(string version)
    {
        if (Versions.Contains(version)) return true;
        if (Ranges.IsEmpty) return false;
        if (!SemanticVersion.TryParse(version, out var parsed)) return null;
        return Ranges.Any(range => range.Holds(parsed));
    }
}

/// <summary>What happens at a version of a range.</summary>
internal enum RangeEventKind
{
    Introduced,
    Fixed,

    /// <summary>The last version that is affected: the next is not.</summary>
    LastAffected,
}

/// <summary>An event of a range; the version is null for the beginning of all.</summary>
internal readonly record struct RangeEvent(RangeEventKind Kind, SemanticVersion? Version);

/// <summary>A range of affected versions: its events in ascending order.</summary>
/// <param name="Events">Where the versions begin and cease to be affected.</param>
/// <param name="Limits">Versions from which on the range says nothing; empty for none.</param>
internal sealed record AffectedRange(ImmutableArray<RangeEvent> Events, ImmutableArray<SemanticVersion> Limits)
{
    /// <summary>The OSV schema's own evaluation (https://ossf.github.io/osv-schema/#evaluation).</summary>
    public bool Holds(SemanticVersion version)
    {
        if (!Limits.IsEmpty && Limits.All(limit => version.CompareTo(limit) >= 0)) return false;
        var affected = false;
        foreach (var (kind, at) in Events)
        {
            var order = at is null ? 1 : version.CompareTo(at);
            if (kind == RangeEventKind.Introduced && order >= 0) affected = true;
            else if (kind == RangeEventKind.Fixed && order >= 0) affected = false;
            else if (kind == RangeEventKind.LastAffected && order > 0) affected = false;
        }
        return affected;
    }
}
