using System.Collections.Immutable;
using System.Text.Json.Serialization;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Marketplace.Protocol.Api;

/// <summary>An account, as administrators see it.</summary>
public sealed record AccountEntry
{
    public required string Name { get; init; }

    public required SiteRole Role { get; init; }

    public required DateTimeOffset Created { get; init; }

    public required bool HasSecondFactor { get; init; }

    /// <summary>Why it may not be used; null when it may.</summary>
    public string? Suspended { get; init; }

    /// <summary>Where it is a member.</summary>
    public required ImmutableArray<Membership> Publishers { get; init; }
}

/// <summary>Accounts by name.</summary>
/// <param name="Accounts">Those of this page.</param>
/// <param name="Next">The cursor of the next page; null on the last one.</param>
public sealed record AccountEntries(ImmutableArray<AccountEntry> Accounts, string? Next = null);

/// <summary>Gives an account a role on the whole marketplace.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record NewSiteRole
{
    public required SiteRole Role { get; init; }
}

/// <summary>How the server is doing, for those who run it.</summary>
public sealed record ServerReport
{
    public required ImmutableArray<ScannerReport> Scanners { get; init; }

    public required StorageReport Storage { get; init; }

    public required JobsReport Jobs { get; init; }
}

/// <summary>What a scanner has found in the versions that are kept.</summary>
public sealed record ScannerReport
{
    public required string Name { get; init; }

    /// <summary>Of the rules that it has now.</summary>
    public required int RulesVersion { get; init; }

    /// <summary>How many versions have each verdict, such as <c>pass</c>.</summary>
    public required ImmutableSortedDictionary<string, long> Verdicts { get; init; }

    /// <summary>How many it has looked at with other rules than those of now.</summary>
    public required long Outdated { get; init; }

    /// <summary>When it last looked at one; null when it never has.</summary>
    public DateTimeOffset? Last { get; init; }
}

/// <summary>What is kept, and where.</summary>
public sealed record StorageReport
{
    /// <summary>The engine of the records: <c>sqlite</c> or <c>postgres</c>.</summary>
    public required string Records { get; init; }

    /// <summary>Whether packages are in a bucket rather than in the data folder.</summary>
    public required bool IsBucket { get; init; }

    public required long Packages { get; init; }

    /// <summary>Bytes of all packages.</summary>
    public required long Bytes { get; init; }

    /// <summary>Of the packages, those that are another registry's.</summary>
    public required long Mirrored { get; init; }

    /// <summary>The publishers with the most bytes, the first of them first.</summary>
    public required ImmutableArray<PublisherStorage> Publishers { get; init; }
}

/// <summary>What a publisher keeps here.</summary>
public sealed record PublisherStorage(string Publisher, long Packages, long Bytes);

/// <summary>What is still to be done.</summary>
public sealed record JobsReport
{
    /// <summary>How many versions wait for their checks or are being checked.</summary>
    public required long Scans { get; init; }

    /// <summary>The first of them.</summary>
    public required ImmutableArray<ScanJob> NextScans { get; init; }

    /// <summary>Events that are to be sent to webhooks.</summary>
    public required long WebhooksWaiting { get; init; }

    /// <summary>Events that were given up.</summary>
    public required long WebhooksDead { get; init; }

    /// <summary>Downloads that this node has still to count.</summary>
    public required long DownloadsWaiting { get; init; }

    /// <summary>Downloads that this node has not counted, because too many were waiting.</summary>
    public required long DownloadsDropped { get; init; }

    /// <summary>When the first of the signed documents expires that is not renewed before; null when there is none.</summary>
    public DateTimeOffset? DocumentsExpire { get; init; }
}

/// <summary>A version that waits for its checks.</summary>
/// <param name="Id">The plugin.</param>
/// <param name="Version">Its version, without build metadata.</param>
/// <param name="Since">Since when it waits.</param>
/// <param name="IsRunning">Whether a node is at it.</param>
public sealed record ScanJob(PluginId Id, string Version, DateTimeOffset Since, bool IsRunning);
