using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using LazyOC.Plugins.Sandbox.Network;

namespace LazyOC.Marketplace.Mirror;

/// <summary>
/// Where the upstream can make this server connect to. Its own address is the operator's choice; wherever else it leads, by a
/// redirect or by saying where its packages are, has to be on the internet, or in a network that the operator has named.
/// Names are resolved here, and the address that was looked at is the one that is connected to.
/// </summary>
internal sealed class UpstreamConnections(Uri upstream, ImmutableArray<IPNetwork> networks)
{
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var isOwn = string.Equals(host, upstream.IdnHost.Trim('[', ']'), StringComparison.OrdinalIgnoreCase) && port == upstream.Port;
        var addresses = (await Dns.GetHostAddressesAsync(host, cancellationToken)).Where(address => isOwn || IsAllowed(address)).ToArray();
        if (addresses.Length == 0) throw new IOException($"the upstream leads to {host}, which is neither on the internet nor in a network that was named for it");
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public bool IsAllowed(IPAddress address)
    {
        var inner = AddressClasses.Unwrap(address);
        return AddressClasses.Of(address) == AddressClass.Public || networks.Any(network => network.Contains(inner));
    }
}
