using System.Collections.Immutable;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Versions;

namespace LazyOC.Plugins.Packages.Resolution;

/// <summary>What solving has to know of one version of a plugin.</summary>
public sealed record PackageVersion
{
    public required SemanticVersion Version { get; init; }

    /// <summary>Host APIs it runs on: the manifest's <c>engines.lazyoc</c>.</summary>
    public VersionRange Host { get; init; } = VersionRange.All;

    /// <summary>Plugins that are installed with it, each with the range of versions that will do.</summary>
    public ImmutableSortedDictionary<PluginId, VersionRange> Dependencies { get; init; } = ImmutableSortedDictionary<PluginId, VersionRange>.Empty;

    /// <summary>Plugins that are not installed for it; when one is in the solution, its version is in the range.</summary>
    public ImmutableSortedDictionary<PluginId, VersionRange> OptionalDependencies { get; init; } = ImmutableSortedDictionary<PluginId, VersionRange>.Empty;

    /// <summary>Why it is not to be chosen; null when it may be.</summary>
    public Filter? Filtered { get; init; }
}

/// <summary>Why a version that exists is not to be chosen.</summary>
/// <remarks>Reasons are text of the registry or of an author: to be printed without their control characters.</remarks>
public abstract record Filter
{
    private Filter() { }

    /// <summary>Its publisher took it back. It may stay where it is: it is chosen when exactly that version is locked.</summary>
    public sealed record Yanked(string? Reason = null) : Filter
    {
        public override string ToString() => Because("is yanked", Reason);
    }

    /// <summary>The registry holds it back until somebody has looked at it.</summary>
    public sealed record Quarantined(string Reason) : Filter
    {
        public override string ToString() => Because("is quarantined", Reason);
    }

    /// <summary>It is too new to be installed without its publisher or anybody else having had time to notice what is wrong with it.</summary>
    public sealed record CoolingDown(DateTimeOffset Until) : Filter
    {
        public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"is cooling down until {Until.ToUniversalTime():yyyy-MM-dd HH:mm} UTC");
    }

    /// <summary>It is on the kill list: it must not run anywhere.</summary>
    public sealed record Killed(string Reason) : Filter
    {
        public override string ToString() => Because("is on the kill list", Reason);
    }

    private static string Because(string what, string? reason) => string.IsNullOrWhiteSpace(reason) ? what : $"{what} ({reason})";
}
