using System.Collections.Immutable;
using LazyOC.Plugins.Contracts.Versions;

namespace LazyOC.Plugins.Contracts.Manifest;

/// <summary>Says whether a plugin fits a LazyOC, and what would fit when it does not.</summary>
/// <remarks>Thread safe.</remarks>
public static class Compatibility
{
    /// <summary>Where a manifest says what it runs on.</summary>
    public const string Path = "engines.lazyoc";

    /// <summary>Null when the plugin fits; else what it needs, and as a hint which LazyOC would do. Which version of the plugin would, the resolver says.</summary>
    /// <param name="range">Versions of the host API that the plugin runs on.</param>
    /// <param name="host">The host API that is offered.</param>
    public static Problem? Explain(VersionRange range, SemanticVersion host) => Explain(range, host, HostApiHistory.All);

    /// <param name="range">Versions of the host API that the plugin runs on.</param>
    /// <param name="host">The host API that is offered.</param>
    /// <param name="history">The versions of the host API there have been.</param>
    internal static Problem? Explain(VersionRange range, SemanticVersion host, ImmutableArray<HostApiVersionRow> history)
    {
        if (range.Contains(host)) return null;
        if (range.IsEmpty) return new Problem(Path, "leaves out every LazyOC", "tell the plugin's author: a range is such as `^1.0`");
        return new Problem(Path, $"needs LazyOC with host API `{range}`; this one offers {host}", HostHint(range, host, history));
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
