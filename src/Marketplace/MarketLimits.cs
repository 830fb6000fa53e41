namespace LazyOC.Marketplace;

/// <summary>What the server takes, keeps and waits for at most.</summary>
internal sealed record MarketLimits
{
    public static MarketLimits Default { get; } = new();

    /// <summary>Size of a request with JSON.</summary>
    public int MaxJsonBytes { get; init; } = 256 << 10;

    /// <summary>Size of a package.</summary>
    public int MaxPackageBytes { get; init; } = 32 << 20;

    /// <summary>What may be around the parts of an upload.</summary>
    public int MaxUploadFrameBytes { get; init; } = 16 << 10;

    /// <summary>Uploads of an account at a time.</summary>
    public int MaxUploadsAtOnce { get; init; } = 2;

    /// <summary>Characters of a name that people see, a reason or a comment.</summary>
    public int MaxTextChars { get; init; } = 500;

    /// <summary>Characters of a review or a reply.</summary>
    public int MaxReviewChars { get; init; } = 5_000;

    /// <summary>Characters of what is searched for.</summary>
    public int MaxQueryChars { get; init; } = 200;

    /// <summary>Words of what is searched for; more are left out.</summary>
    public int MaxQueryWords { get; init; } = 12;

    public int MinPasswordChars { get; init; } = 10;

    public int MaxPasswordChars { get; init; } = 200;

    /// <summary>How long somebody stays signed in.</summary>
    public TimeSpan SessionTime { get; init; } = TimeSpan.FromHours(12);

    /// <summary>How long a token is good for at most.</summary>
    public int MaxTokenDays { get; init; } = 366;

    /// <summary>Tokens of an account.</summary>
    public int MaxTokens { get; init; } = 50;

    /// <summary>Networks of a token.</summary>
    public int MaxTokenNetworks { get; init; } = 16;

    /// <summary>Publishers that an account owns.</summary>
    public int MaxPublishers { get; init; } = 10;

    public int MaxMembers { get; init; } = 100;

    /// <summary>Plugins of a publisher.</summary>
    public int MaxPlugins { get; init; } = 500;

    /// <summary>Versions of a publisher that are not decided about.</summary>
    public int MaxOpenSubmissions { get; init; } = 50;

    /// <summary>Bytes of all packages of a publisher.</summary>
    public long MaxPublisherBytes { get; init; } = 4L << 30;

    /// <summary>Bytes of a plugin's index, with room for flags to come.</summary>
    public int MaxIndexBytes { get; init; } = 12 << 20;

    /// <summary>Bytes of a line of an index that are kept for reasons that are given later.</summary>
    public int IndexLineReserveBytes { get; init; } = 16 << 10;

    /// <summary>How long clients believe a signed document.</summary>
    public TimeSpan DocumentValidity { get; init; } = TimeSpan.FromDays(14);

    /// <summary>Documents that are signed anew in one step.</summary>
    public int ResignBatch { get; init; } = 100;

    /// <summary>What a scanner has for one version.</summary>
    public TimeSpan ScanTime { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Versions that are scanned at a time.</summary>
    public int MaxScansAtOnce { get; init; } = 2;

    /// <summary>Findings of one scanner that are kept.</summary>
    public int MaxFindings { get; init; } = 200;

    /// <summary>Live plugins that a submission is compared with, the most installed first.</summary>
    public int MaxCatalog { get; init; } = 20_000;

    /// <summary>How long after it went live a version may be taken back.</summary>
    public TimeSpan UnpublishTime { get; init; } = TimeSpan.FromHours(72);

    /// <summary>Entries of a page.</summary>
    public int MaxPageEntries { get; init; } = 100;

    /// <summary>Entries of a page when nothing is asked for.</summary>
    public int PageEntries { get; init; } = 20;

    /// <summary>Submissions that are listed.</summary>
    public int MaxListedSubmissions { get; init; } = 200;

    /// <summary>Characters of a README or changelog that are kept for showing and searching.</summary>
    public int MaxReadmeChars { get; init; } = 200_000;

    /// <summary>Downloads that wait to be counted; more are not counted, which the metrics tell.</summary>
    public int MaxDownloadsWaiting { get; init; } = 100_000;

    /// <summary>How long a download waits to be counted.</summary>
    public TimeSpan CountInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Requests to the API of one token or address, a minute.</summary>
    public int ApiRequestsPerMinute { get; init; } = 300;

    /// <summary>Requests for documents and packages of one token or address, a minute.</summary>
    public int FileRequestsPerMinute { get; init; } = 6_000;

    /// <summary>Times an address may sign in or register, and a name may be signed in to, in ten minutes.</summary>
    public int SignInsPerTenMinutes { get; init; } = 20;

    /// <summary>Versions that a token may publish in an hour.</summary>
    public int PublishesPerHour { get; init; } = 120;

    /// <summary>Connections of one node to a database that is shared.</summary>
    public int MaxDatabaseConnections { get; init; } = 40;

    /// <summary>How long a version that is being checked is a node's, unless that says that it goes on.</summary>
    public TimeSpan ScanLease { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a package that no record names is left alone where other nodes may be publishing it.</summary>
    public TimeSpan UnnamedPackageTime { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Packages that are listed in one step when those are looked for that no record names.</summary>
    public int SweepBatch { get; init; } = 1_000;

    /// <summary>The same, but for how many requests and publishes may come: what a machine can do is measured, not what it lets one address do.</summary>
    public MarketLimits WithoutRates() => this with { ApiRequestsPerMinute = int.MaxValue, FileRequestsPerMinute = int.MaxValue, SignInsPerTenMinutes = int.MaxValue, PublishesPerHour = int.MaxValue };
}
