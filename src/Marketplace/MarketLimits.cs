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

    /// <summary>Searches whose counts are kept, and pages; beyond, all are looked up anew.</summary>
    public int MaxSearchesKept { get; init; } = 500;

    /// <summary>How long what a search found is kept; changes by the same node end it before.</summary>
    public TimeSpan SearchTime { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long after that a page may still be shown to one who asks for it, while it is looked up anew for the next.</summary>
    public TimeSpan OldSearchTime { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Plugins of a search that are counted; of more it is said that there are more.</summary>
    public int MaxCounted { get; init; } = 10_000;

    /// <summary>Bytes of pictures out of packages that are kept in memory.</summary>
    public long MaxPictureBytes { get; init; } = 64 << 20;

    /// <summary>Packages that are opened for their pictures at a time.</summary>
    public int MaxPackagesOpened { get; init; } = 2;

    public int MinPasswordChars { get; init; } = 10;

    public int MaxPasswordChars { get; init; } = 200;

    /// <summary>How long somebody stays signed in.</summary>
    public TimeSpan SessionTime { get; init; } = TimeSpan.FromHours(12);

    /// <summary>How long somebody who has shown the first factor may take for the second.</summary>
    public TimeSpan HalfSignInTime { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Wrong codes of a second factor in a row, after which none is taken for <see cref="WrongCodesTime"/>.</summary>
    public int MaxWrongCodes { get; init; } = 5;

    public TimeSpan WrongCodesTime { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Recovery codes that are made at a time.</summary>
    public int RecoveryCodes { get; init; } = 10;

    /// <summary>How long signing in elsewhere may take, and then choosing a name.</summary>
    public TimeSpan OAuthTime { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long an answer of a provider to sign in with is waited for.</summary>
    public TimeSpan OAuthAnswerTime { get; init; } = TimeSpan.FromSeconds(10);

    public int MaxOAuthAnswerBytes { get; init; } = 256 << 10;

    /// <summary>How long a token is good for at most.</summary>
    public int MaxTokenDays { get; init; } = 366;

    /// <summary>Tokens of an account.</summary>
    public int MaxTokens { get; init; } = 50;

    /// <summary>Networks of a token.</summary>
    public int MaxTokenNetworks { get; init; } = 16;

    /// <summary>Publishers that an account owns.</summary>
    public int MaxPublishers { get; init; } = 10;

    public int MaxMembers { get; init; } = 100;

    /// <summary>How long an invitation is good for.</summary>
    public TimeSpan InvitationTime { get; init; } = TimeSpan.FromDays(14);

    /// <summary>Domains of a publisher.</summary>
    public int MaxDomains { get; init; } = 5;

    /// <summary>How long a proof that a domain is a publisher's counts.</summary>
    public TimeSpan DomainProofTime { get; init; } = TimeSpan.FromDays(90);

    /// <summary>Between two looks for a proof.</summary>
    public TimeSpan DomainCheckInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a domain's answer is waited for.</summary>
    public TimeSpan DomainAnswerTime { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Size of the file with a proof.</summary>
    public int MaxProofBytes { get; init; } = 16 << 10;
    /// <summary>Teams of the marketplace.</summary>
    public int MaxTeams { get; init; } = 1_000;

    public int MaxTeamMembers { get; init; } = 5_000;

    /// <summary>Teams that a publisher or a plugin is kept for.</summary>
    public int MaxVisibilityTeams { get; init; } = 20;

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
    public TimeSpan ScanTime { get; init; } = TimeSpan.FromMinutes(2);

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

    /// <summary>What requests that are under way have, once the server stops.</summary>
    public TimeSpan ShutdownTime { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a server that was asked to stop may go on answering.</summary>
    public TimeSpan MaxDrainTime { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long what an upstream registry has said is served before it is asked again.</summary>
    public TimeSpan UpstreamCheckInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long an upstream registry that did not answer is left alone.</summary>
    public TimeSpan UpstreamPause { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Until the connection to an upstream registry is there.</summary>
    public TimeSpan UpstreamConnectTime { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>From a request to an upstream registry to the head of its answer.</summary>
    public TimeSpan UpstreamAnswerTime { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>For one document or package of an upstream registry, with all that belongs to it.</summary>
    public TimeSpan UpstreamTime { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Redirects of one request to an upstream registry.</summary>
    public int UpstreamRedirects { get; init; } = 3;

    /// <summary>Documents and packages of an upstream registry that are fetched at a time.</summary>
    public int UpstreamRequestsAtOnce { get; init; } = 8;

    /// <summary>Names that an upstream registry did not have and that are remembered.</summary>
    public int MaxUpstreamMisses { get; init; } = 10_000;

    /// <summary>Bytes of an upstream registry's packages that are kept.</summary>
    public long MaxMirroredBytes { get; init; } = 64L << 30;

    /// <summary>Downloads that wait to be counted; more are not counted, which the metrics tell.</summary>
    public int MaxDownloadsWaiting { get; init; } = 100_000;

    /// <summary>How long a download waits to be counted.</summary>
    public TimeSpan CountInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Downloads that are written in one step.</summary>
    public int MaxDownloadsWritten { get; init; } = 2_000;

    /// <summary>Programs that a version's downloads of a day are told apart by; the rest are one more.</summary>
    public int MaxClientsOfDay { get; init; } = 32;

    /// <summary>How long downloads are kept by day; sums are kept for good.</summary>
    public TimeSpan DownloadStatisticsTime { get; init; } = TimeSpan.FromDays(400);

    /// <summary>Days that statistics are asked for at a time.</summary>
    public int MaxStatisticsDays { get; init; } = 366;

    /// <summary>Rows of statistics that are exported at a time.</summary>
    public int MaxStatisticsRows { get; init; } = 50_000;

    /// <summary>Searches without results that are kept, and that wait to be counted.</summary>
    public int MaxSearchMisses { get; init; } = 1_000;

    /// <summary>Characters of a search without results that is kept.</summary>
    public int MaxSearchMissChars { get; init; } = 60;

    /// <summary>How long a search without results is kept after it was made last.</summary>
    public TimeSpan SearchMissTime { get; init; } = TimeSpan.FromDays(90);

    /// <summary>Webhooks of a publisher.</summary>
    public int MaxWebhooks { get; init; } = 10;

    /// <summary>Characters of a webhook's address.</summary>
    public int MaxWebhookUrlChars { get; init; } = 500;

    /// <summary>Bytes of what a webhook is sent; reasons are left out of what would have more.</summary>
    public int MaxWebhookBodyBytes { get; init; } = 64 << 10;

    /// <summary>How long a webhook may take to be connected to and answer.</summary>
    public TimeSpan WebhookTime { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Webhooks that are sent something at a time, of one publisher one.</summary>
    public int MaxWebhooksAtOnce { get; init; } = 4;

    /// <summary>How often a delivery is tried.</summary>
    public int MaxWebhookAttempts { get; init; } = 12;

    /// <summary>How long a delivery waits at most after its first attempt; twice as long after each following one.</summary>
    public TimeSpan WebhookRetryTime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a delivery waits at most after any attempt.</summary>
    public TimeSpan MaxWebhookRetryTime { get; init; } = TimeSpan.FromHours(6);

    /// <summary>Deliveries of a webhook that wait; events beyond are not told, and counted.</summary>
    public int MaxWebhookDeliveriesWaiting { get; init; } = 1_000;

    /// <summary>Deliveries of a webhook that are kept after they ended.</summary>
    public int MaxWebhookDeliveriesKept { get; init; } = 100;

    /// <summary>How often it is looked whether something waits for webhooks.</summary>
    public TimeSpan WebhookPollInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Entries of a feed.</summary>
    public int MaxFeedEntries { get; init; } = 50;

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
