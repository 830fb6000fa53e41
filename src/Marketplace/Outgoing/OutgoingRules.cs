using System.Net;
using System.Net.Sockets;
using LazyOC.Plugins.Sandbox.Network;

namespace LazyOC.Marketplace.Outgoing;

/// <summary>How the server reaches addresses that users name: public ones only, so that none of them reaches what only the server can.</summary>
internal sealed record OutgoingRules
{
    public static OutgoingRules Default { get; } = new();

    /// <summary>Finds the addresses of a name.</summary>
    public Func<string, CancellationToken, Task<IPAddress[]>> Resolve { get; init; } = Dns.GetHostAddressesAsync;

    /// <summary>Whether this computer and the networks around it may be reached; for tests, and registries of a network of their own.</summary>
    public bool AllowsPrivate { get; init; }

    /// <summary>Where the proof that a domain is a publisher's is looked for.</summary>
    public Func<string, Uri> ProofOf { get; init; } = domain => new Uri($"https://{domain}/.well-known/lazyoc-publisher");

    /// <summary>A handler that connects only to addresses that it has checked itself, follows no redirect and uses no proxy.</summary>
    public SocketsHttpHandler CreateHandler(TimeSpan connectTime) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        ConnectTimeout = connectTime,
        ConnectCallback = (context, cancellationToken) => ConnectAsync(context.DnsEndPoint, cancellationToken),
    };

    /// <exception cref="HttpRequestException">An address of the name is not public, or it has none.</exception>
    private async ValueTask<Stream> ConnectAsync(DnsEndPoint to, CancellationToken cancellationToken)
    {
        var addresses = IPAddress.TryParse(to.Host, out var literal) ? [literal] : await Resolve(to.Host, cancellationToken);
        // One that is not is enough: who controls the name chooses the order.
        if (addresses.Length == 0 || (!AllowsPrivate && addresses.Any(address => AddressClasses.Of(address) != AddressClass.Public))) throw new HttpRequestException($"{to.Host} does not lead to public addresses only");
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, to.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
