namespace LazyOC.Marketplace;

/// <summary>How a server is set up.</summary>
internal sealed record MarketOptions
{
    /// <summary>Where records, packages and the registry's key are; made when it is not there.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>Address of a PostgreSQL database with the records; null for SQLite in the data folder. It may have a password in it.</summary>
    public string? Database { get; init; }

    /// <summary>Address of a bucket with the packages; null for the data folder.</summary>
    public string? Storage { get; init; }

    /// <summary>What people call the registry.</summary>
    public string Name { get; init; } = "LazyOC marketplace";

    /// <summary>Where it listens; port 0 is any that is free.</summary>
    public string Url { get; init; } = "http://127.0.0.1:0";

    /// <summary>Whether updates that may do much wait before they are chosen.</summary>
    public bool HasCooldown { get; init; } = true;

    /// <summary>Whether reading takes a token, too.</summary>
    public bool IsPrivate { get; init; }

    /// <summary>Folder of advisories in the OSV format; null for none.</summary>
    public string? Advisories { get; init; }

    /// <summary>Opens the registry's key, when it is encrypted.</summary>
    public string? KeyPassphrase { get; init; }

    /// <summary>Told of each of <see cref="Publishing.PublishSteps"/> before what follows it begins, on the thread that does it.</summary>
    public Action<string> AtStep { get; init; } = _ => { };
}
