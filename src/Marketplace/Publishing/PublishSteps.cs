namespace LazyOC.Marketplace.Publishing;

/// <summary>The points of a publish between which something has become lasting; tests stop the server at each.</summary>
internal static class PublishSteps
{
    /// <summary>All bytes came, and lie aside.</summary>
    public const string Received = "received";

    /// <summary>The package is under its digest, and no record names it.</summary>
    public const string Stored = "stored";

    /// <summary>The version is in the records, and waits for its checks.</summary>
    public const string Recorded = "recorded";

    /// <summary>The checks have begun.</summary>
    public const string Claimed = "claimed";

    /// <summary>What the checks found is in the records, and nothing has followed from it.</summary>
    public const string Scanned = "scanned";

    /// <summary>It is decided, within a transaction that has not ended.</summary>
    public const string Deciding = "deciding";

    /// <summary>It is decided for good.</summary>
    public const string Decided = "decided";

    public static IReadOnlyList<string> All { get; } = [Received, Stored, Recorded, Claimed, Scanned, Deciding, Decided];
}
