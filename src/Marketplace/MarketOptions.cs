using System.Collections.Immutable;
using System.Net;
using LazyOC.Plugins.Sandbox.Network;

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

    /// <summary>How many nodes the marketplace has.</summary>
    public int Nodes { get; init; } = 1;

    /// <summary>Where this node is, as downloads are counted by; null when that is not told.</summary>
    public string? Region { get; init; }

    /// <summary>What people call the registry.</summary>
    public string Name { get; init; } = "LazyOC marketplace";

    /// <summary>Where it listens; port 0 is any that is free.</summary>
    public string Url { get; init; } = "http://127.0.0.1:0";

    /// <summary>Whether updates that may do much wait before they are chosen.</summary>
    public bool HasCooldown { get; init; } = true;

    /// <summary>Whether reading takes a token, too.</summary>
    public bool IsPrivate { get; init; }

    /// <summary>The registry whose plugins are passed on; null for none.</summary>
    public Mirror.UpstreamOptions? Upstream { get; init; }

    /// <summary>What is laid down for users; null for nothing.</summary>
    public Protocol.RegistryPolicy? Policy { get; init; }

    public Operations.LogFormat LogFormat { get; init; }

    /// <summary>How long it goes on answering after it was asked to stop.</summary>
    public TimeSpan DrainTime { get; init; }

    /// <summary>Networks of proxies that are believed about who asks.</summary>
    public ImmutableArray<IPNetwork> Proxies { get; init; } = [];

    /// <summary>Where traces are sent; null for nowhere.</summary>
    public Uri? TraceCollector { get; init; }

    /// <summary>Folder of advisories in the OSV format; null for none.</summary>
    public string? Advisories { get; init; }

    /// <summary>Where else people may sign in.</summary>
    public Accounts.OAuth.OAuthOptions OAuth { get; init; } = Accounts.OAuth.OAuthOptions.None;

    /// <summary>How it reaches addresses that users name.</summary>
    public Outgoing.OutgoingRules Outgoing { get; init; } = Marketplace.Outgoing.OutgoingRules.Default;

    /// <summary>Opens the registry's key, when it is encrypted.</summary>
    public string? KeyPassphrase { get; init; }

    /// <summary>Whether webhooks may go to private networks and this machine, and without TLS.</summary>
    public bool AllowsPrivateWebhooks { get; init; }

    /// <summary>Resolves the names of webhooks; asked anew for every delivery.</summary>
    public ResolveName ResolveWebhook { get; init; } = Dns.GetHostAddressesAsync;

    /// <summary>Told of each of <see cref="Publishing.PublishSteps"/> before what follows it begins, on the thread that does it.</summary>
    public Action<string> AtStep { get; init; } = _ => { };
}
