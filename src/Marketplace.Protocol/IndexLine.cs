using System.Collections.Immutable;
using System.Text.Json;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Permissions;
using LazyOC.Plugins.Contracts.Versions;
using LazyOC.Plugins.Packages;

namespace LazyOC.Marketplace.Protocol;

/// <summary>One version of a plugin, as the index has it: all that a resolver and the user's consent need, without the package.</summary>
public sealed record IndexLine
{
    public required SemanticVersion Version { get; init; }

    /// <summary>Of the <c>.lzp</c> file.</summary>
    public required Digest Digest { get; init; }

    /// <summary>Of the <c>.lzp</c> file, in bytes.</summary>
    public required long Size { get; init; }

    /// <summary>Of the package's <c>files.json</c>.</summary>
    public Digest? FilesDigest { get; init; }

    public required PluginEngines Engines { get; init; }

    public ImmutableSortedDictionary<PluginId, VersionRange> Dependencies { get; init => field = value ?? None; } = None;

    public ImmutableSortedDictionary<PluginId, VersionRange> OptionalDependencies { get; init => field = value ?? None; } = None;

    /// <summary>What the manifest asks for.</summary>
    public required PermissionSet Permissions { get; init; }

    /// <summary>Of <see cref="Permissions"/>.</summary>
    public required Digest PermissionsDigest { get; init; }

    public required DateTimeOffset Published { get; init; }

    /// <summary>How long after <see cref="Published"/> updates to it wait, in hours; 0 when they need not.</summary>
    public int CooldownHours { get; init; }

    /// <summary>Why its author has withdrawn it: chosen only where it is locked already. Null when it is not withdrawn.</summary>
    public string? Yanked { get; init; }

    /// <summary>Why the registry holds it back. Null when it does not.</summary>
    public string? Quarantined { get; init; }

    /// <summary>Set when its author looks after it no more.</summary>
    public Deprecation? Deprecated { get; init; }

    /// <summary>The advisory that it mends, signed off by the registry's moderators; such a version does not cool down.</summary>
    public string? SecurityFix { get; init; }

    /// <summary>Of what the registry's checks found; null when it makes none.</summary>
    public Digest? VerdictDigest { get; init; }

    /// <summary>Why it must not run any more where it is installed. Null when it may.</summary>
    public string? Kill { get; init; }

    private static ImmutableSortedDictionary<PluginId, VersionRange> None => ImmutableSortedDictionary<PluginId, VersionRange>.Empty;

    /// <summary>The line of a package.</summary>
    public static IndexLine Of(PluginPackage package, DateTimeOffset published) => new()
    {
        Version = package.Manifest.Version,
        Digest = package.Digest,
        Size = package.Bytes.Length,
        FilesDigest = package.FilesDigest,
        Engines = package.Manifest.Engines,
        Dependencies = package.Manifest.Dependencies,
        OptionalDependencies = package.Manifest.OptionalDependencies,
        Permissions = package.Manifest.Permissions,
        PermissionsDigest = package.Manifest.Permissions.ComputeDigest(),
        Published = published,
    };

    /// <summary>Reads a line that was made by <see cref="ToUtf8"/>, as those keep it who have made it; it is not signed.</summary>
    public static Outcome<IndexLine> Read(ReadOnlySpan<byte> utf8, RegistryLimits? limits = null)
    {
        limits ??= RegistryLimits.Default;
        if (!RegistryDocument.Read(utf8, RegistryJson.Default.IndexLine, limits.MaxIndexLineBytes).TryGet(out var line, out var problems)) return problems;
        return line.Check(limits) is { } problem ? problem : line;
    }

    /// <summary>The line, without its line break.</summary>
    public byte[] ToUtf8() => JsonSerializer.SerializeToUtf8Bytes(this, RegistryJson.Default.IndexLine);

    /// <summary>Compares a package with its line; null when it is what was resolved and consented to.</summary>
    public Problem? Difference(PluginPackage package)
    {
        var manifest = package.Manifest;
        var what = package.Digest != Digest || package.Bytes.Length != Size || (FilesDigest is { } files && files != package.FilesDigest) ? "package"
            : manifest.Version != Version ? "version"
            : !manifest.Engines.Lazyoc.Equals(Engines.Lazyoc) ? "engines"
            : !AreSame(manifest.Dependencies, Dependencies) ? "dependencies"
            : !AreSame(manifest.OptionalDependencies, OptionalDependencies) ? "optionalDependencies"
            : manifest.Permissions.ComputeDigest() != PermissionsDigest ? "permissions"
            : null;
        return what is null ? null : new Problem($"{manifest.Id} {manifest.Version}", what == "package" ? "is another package than the registry's index lists" : $"has other `{what}` in its manifest than the registry's index says", "nothing of it can be trusted: tell those who run the registry");
    }

    internal Problem? Check(RegistryLimits limits)
    {
        if (Size < 1 || Size > limits.MaxPackageBytes) return new Problem("size", $"is {Size:N0}; a package has 1 to {limits.MaxPackageBytes:N0} bytes");
        if (Permissions.ComputeDigest() != PermissionsDigest) return new Problem("permissionsDigest", "is not that of `permissions`");
        if (CooldownHours < 0 || CooldownHours > limits.MaxCooldownHours) return new Problem("cooldownHours", $"is {CooldownHours:N0}; 0 to {limits.MaxCooldownHours:N0} are allowed");
        (string, string?)[] texts = [("yanked", Yanked), ("quarantined", Quarantined), ("deprecated.reason", Deprecated?.Reason), ("securityFix", SecurityFix), ("kill", Kill)];
        return texts.Select(text => RegistryDocument.CheckText(text.Item1, text.Item2, limits)).FirstOrDefault(problem => problem is not null);
    }

    private static bool AreSame(ImmutableSortedDictionary<PluginId, VersionRange> left, ImmutableSortedDictionary<PluginId, VersionRange> right) =>
        left.Count == right.Count && left.All(pair => right.TryGetValue(pair.Key, out var range) && range.Equals(pair.Value));
}

/// <summary>A plugin's author looks after it no more.</summary>
public sealed record Deprecation
{
    public required string Reason { get; init; }

    /// <summary>The plugin that takes its place; null when none does.</summary>
    public PluginId? Successor { get; init; }

    /// <summary>In words, such as <c>looked after no more: I have no time; acme.lines takes its place</c>.</summary>
    public override string ToString() => $"looked after no more: {Reason}{(Successor is { } successor ? $"; {successor} takes its place" : "")}";
}
