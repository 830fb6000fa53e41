using System.Collections.Immutable;
using LazyOC.Plugins.Contracts.Versions;

namespace LazyOC.Plugins.Contracts.Manifest;

/// <summary>Says whether a plugin fits a LazyOC, and what would fit when it does not.</summary>
/// <remarks>Thread safe.</remarks>
public static class Compatibility
{
    /// <summary>Where a manifest says what it runs on.</summary>
    public const string Path = "engines.lazyoc";

    /// <summary>Null when the plugin fits; else what it needs, and as a hint which version of it, or of LazyOC, would do.</summary>
    /// <param name="range">Versions of the host API that the plugin runs on.</param>
    /// <param name="host">The host API that is offered.</param>
    /// <param name="others">Other versions of the plugin, each with its range, in any order; empty when none is known.</param>
    public static Problem? Explain(VersionRange range, SemanticVersion host, IEnumerable<(SemanticVersion Version, VersionRange Range)> others) => Explain(range, host, others, HostApiHistory.All);

    /// <param name="range">Versions of the host API that the plugin runs on.</param>
    /// <param name="host">The host API that is offered.</param>
    /// <param name="others">Other versions of the plugin, each with its range.</param>
    /// <param name="history">The versions of the host API there have been.</param>
    internal static Problem? Explain(VersionRange range, SemanticVersion host, IEnumerable<(SemanticVersion Version, VersionRange Range)> others, ImmutableArray<HostApiVersionRow> history)
    {
        if (range.Contains(host)) return null;
        if (range.IsEmpty) return new Problem(Path, "leaves out every LazyOC", "tell the plugin's author: a range is such as `^1.0`");
        var hints = new[] { PluginHint(host, [.. others]), HostHint(range, host, history) };
        return new Problem(Path, $"needs LazyOC with host API `{range}`; this one offers {host}", string.Join("; ", hints.Where(hint => hint.Length > 0)));
    }

    private static string PluginHint(SemanticVersion host, ImmutableArray<(SemanticVersion Version, VersionRange Range)> others)
    {
        if (others.IsEmpty) return "";
        // A prerelease is offered only where there is no release.
        var fitting = others.Where(other => other.Range.Contains(host)).OrderBy(other => !other.Version.IsPrerelease).ThenBy(other => other.Version).Select(other => other.Version).LastOrDefault();
        return fitting is null ? "no version of the plugin fits this LazyOC" : $"version {fitting} of the plugin fits this LazyOC";
    }

    private static string HostHint(VersionRange range, SemanticVersion host, ImmutableArray<HostApiVersionRow> history)
    {
        var fitting = history.Where(row => range.Contains(row.HostApi)).ToImmutableArray();
        if (fitting.Where(row => row.HostApi.CompareTo(host) > 0).Select(row => row.Lazyoc).FirstOrDefault() is { } newer) return $"the plugin fits LazyOC {newer}";
        if (!range.Intersect(VersionRange.Above(host)).IsEmpty) return "the plugin is for a LazyOC newer than this one: update LazyOC";
        return fitting.IsEmpty
            ? "the plugin is for an older LazyOC: ask its author for a newer version"
            : $"the plugin is for LazyOC {fitting[^1].Lazyoc}, which is older than this one: ask its author for a newer version";
    }
}
