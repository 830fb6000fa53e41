using System.Collections.Immutable;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Marketplace.Protocol.Api;

/// <summary>Downloads over some days. An install is a user's first download of a version on a day.</summary>
public sealed record DownloadStats
{
    /// <summary>The first day, in UTC.</summary>
    public required DateOnly From { get; init; }

    /// <summary>The last day.</summary>
    public required DateOnly To { get; init; }

    public required long Installs { get; init; }

    public required long Downloads { get; init; }

    /// <summary>Each day, the oldest first; days without are left out.</summary>
    public required ImmutableArray<DailyDownloads> Days { get; init; }
}

/// <summary>Downloads of something that has a name.</summary>
/// <param name="Name">A version, a program, or a plugin.</param>
/// <param name="Installs">Each user once a day.</param>
/// <param name="Downloads">All of them.</param>
public sealed record NamedDownloads(string Name, long Installs, long Downloads);

/// <summary>How often a plugin is downloaded.</summary>
public sealed record PluginStats
{
    public required PluginId Id { get; init; }

    public required DownloadStats Downloads { get; init; }

    /// <summary>By version, the most downloaded first.</summary>
    public required ImmutableArray<NamedDownloads> Versions { get; init; }

    /// <summary>By the program that downloaded, the most frequent first; null for those who are no members of its publisher.</summary>
    public ImmutableArray<NamedDownloads>? Clients { get; init; }

    /// <summary>By the region of the node that sent the package, of nodes that have been told theirs, the most frequent first; null for those who are no members of its publisher.</summary>
    public ImmutableArray<NamedDownloads>? Regions { get; init; }
}

/// <summary>How often the plugins of a publisher are downloaded.</summary>
public sealed record PublisherStats
{
    public required string Publisher { get; init; }

    public required DownloadStats Downloads { get; init; }

    /// <summary>By plugin, the most downloaded first.</summary>
    public required ImmutableArray<NamedDownloads> Plugins { get; init; }
}

/// <summary>Downloads of a plugin as they are kept, the oldest day first.</summary>
/// <param name="Rows">One for each day, version and program.</param>
/// <param name="IsCut">Set when there are more than the server gives at a time.</param>
public sealed record DownloadRows(ImmutableArray<DownloadRow> Rows, bool IsCut);

/// <summary>Downloads of a version on a day by a program.</summary>
public sealed record DownloadRow(DateOnly Day, string Version, string Client, long Installs, long Downloads);

/// <summary>What was searched for and not found, the most frequent first.</summary>
public sealed record SearchMissList(ImmutableArray<SearchMiss> Searches);

/// <summary>A search without results.</summary>
/// <param name="Words">In lower case.</param>
/// <param name="Searches">How often.</param>
/// <param name="First">The first day that is known.</param>
/// <param name="Last">The last day.</param>
public sealed record SearchMiss(string Words, long Searches, DateOnly First, DateOnly Last);
