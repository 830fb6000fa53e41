using System.Collections.Immutable;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Packages;

namespace LazyOC.Marketplace.Scanning;

/// <summary>What a scanner says of a submission. Only <see cref="Pass"/> lets a version go live.</summary>
public enum Verdict
{
    /// <summary>Nothing stands against it.</summary>
    Pass,

    /// <summary>A person has to look.</summary>
    Hold,

    /// <summary>It must not go live.</summary>
    Reject,

    /// <summary>The scanner failed; nothing is known.</summary>
    Error,

    /// <summary>The scanner did not end in its time; nothing is known.</summary>
    Timeout,
}

/// <summary>One thing that a scanner found.</summary>
/// <param name="Rule">Stable name of the rule, such as <c>js-dynamic-code</c>.</param>
/// <param name="File">Path in the package; null when the whole is meant.</param>
/// <param name="Line">From 1; null when there is none.</param>
/// <param name="Message">A sentence for the author, without a final period.</param>
/// <param name="Hint">What to do about it.</param>
public sealed record Finding(string Rule, string? File, int? Line, string Message, string? Hint = null);

/// <summary>What one scanner made of a submission.</summary>
/// <param name="Verdict">What follows.</param>
/// <param name="Findings">What it is grounded on; with <see cref="Verdict.Pass"/>, what the author may want to know all the same.</param>
public sealed record ScanResult(Verdict Verdict, ImmutableArray<Finding> Findings)
{
    public static ScanResult Passed { get; } = new(Verdict.Pass, []);

    /// <summary>What the plugin did, when the scanner has tried it.</summary>
    public Behaviour? Behaviour { get; init; }
}

/// <summary>A package on its way to the public.</summary>
public sealed record Submission
{
    public required PluginPackage Package { get; init; }

    /// <summary>The latest version before it that went live; null for a new plugin.</summary>
    public PluginPackage? Previous { get; init; }

    /// <summary>What else the marketplace offers.</summary>
    public required ScanCatalog Catalog { get; init; }
}

/// <summary>What scanners compare a submission with.</summary>
public sealed record ScanCatalog
{
    /// <summary>The plugins that are live, without those of the submission's own publisher.</summary>
    public ImmutableArray<KnownPlugin> Plugins { get; init; } = [];

    /// <summary>Folder of advisories in the OSV format, one JSON file each; null when the server has none.</summary>
    public string? Advisories { get; init; }
}

/// <summary>A plugin that is live.</summary>
/// <param name="Id">Its id.</param>
/// <param name="DisplayName">Its display name.</param>
/// <param name="Installs">How often it was installed.</param>
/// <param name="ReadmeSketch">Similarity sketch of its README, as the scanner of near-duplicates makes it; empty when it has none.</param>
/// <param name="IconDigest">Digest of its icon; null when it has none.</param>
public sealed record KnownPlugin(PluginId Id, string DisplayName, long Installs, ImmutableArray<uint> ReadmeSketch, Digest? IconDigest);

/// <summary>Looks at a submission for one kind of danger. Thread safe; the package is hostile input.</summary>
public interface IScanner
{
    /// <summary>Stable name, such as <c>javascript</c>.</summary>
    string Name { get; }

    /// <summary>Counts up when its rules change: what was scanned by an older one is scanned again.</summary>
    int RulesVersion { get; }

    /// <summary>Scans. What it throws is an <see cref="Verdict.Error"/>, and its time is bounded by the caller.</summary>
    Task<ScanResult> ScanAsync(Submission submission, CancellationToken cancellationToken);
}
