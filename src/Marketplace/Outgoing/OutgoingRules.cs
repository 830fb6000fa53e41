using System.Net;
using LazyOC.Plugins.Sandbox.Network;

namespace LazyOC.Marketplace.Outgoing;

/// <summary>How the server reaches addresses that users name: public ones only, so that none of them reaches what only the server can.</summary>
internal sealed record OutgoingRules
{
    public static OutgoingRules Default { get; } = new();

    private const int MaxAddresses = 2;

    /// <summary>Finds the addresses of a name; asked anew for every connection.</summary>
    public ResolveName Resolve { get; init; } = Dns.GetHostAddressesAsync;

    /// <summary>Whether this computer and the networks around it may be reached; for tests, and registries of a network of their own.</summary>
    public bool AllowsPrivate { get; init; }

    /// <summary>Where the proof that a domain is a publisher's is looked for.</summary>
    public Func<string, Uri> ProofOf { get; init; } = domain => new Uri($"https://{domain}/.well-known/lazyoc-publisher");

    /// <summary>Which addresses may be connected to; link-local ones never.</summary>
    public AddressReach Reach => AllowsPrivate ? AddressReach.Chosen : AddressReach.Name;

    /// <summary>A handler that connects only to addresses that it has checked itself, follows no redirect and uses no proxy.</summary>
    public SocketsHttpHandler CreateHandler(TimeSpan connectTime)
    {
        var connector = new Connector(new NetworkOptions { Resolve = Resolve }, () => null, MaxAddresses);
        var reach = Reach;
        return new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ActivityHeadersPropagator = null,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = connectTime,
            // What was public may lead elsewhere the next time.
            PooledConnectionLifetime = TimeSpan.Zero,
            ConnectCallback = (context, cancellationToken) => connector.ConnectAsync(reach, context.InitialRequestMessage.RequestUri!.Scheme, context.DnsEndPoint, cancellationToken),
        };
    }
}
