using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Contracts.Permissions;

namespace LazyOC.Plugins.Sandbox.Network;

/// <summary>
/// Opens connections: resolves a name, checks each address and connects to the very addresses it has checked. Names are not
/// resolved again in between, so that an answer that changes has nothing to win. Thread safe.
/// </summary>
internal sealed class Connector(NetworkOptions options, Func<Uri?> apiServer, int maxAddresses)
{
    /// <summary>Connects for requests by rules of one reach.</summary>
    /// <exception cref="NetworkRefusalException">No address may be connected to.</exception>
    /// <exception cref="SocketException">The name has no address, or none answers.</exception>
    public async ValueTask<Stream> ConnectAsync(AddressReach reach, string scheme, DnsEndPoint server, CancellationToken cancellationToken)
    {
        var host = server.Host.ToLowerInvariant().TrimEnd('.');
        var addresses = AddressReaches.LiteralOf(host) ?? await options.Resolve(server.Host, cancellationToken);
        var permitted = await CheckAsync(reach, new Target(scheme, host, server.Port), addresses, cancellationToken);
        for (var i = 0; ; i++)
        {
            try
            {
                return await ConnectAsync(new IPEndPoint(permitted[i], server.Port), cancellationToken);
            }
            catch (SocketException) when (i + 1 < Math.Min(permitted.Length, maxAddresses))
            {
                // The next address may answer.
            }
        }
    }

    private async ValueTask<ImmutableArray<IPAddress>> CheckAsync(AddressReach reach, Target target, IPAddress[] addresses, CancellationToken cancellationToken)
    {
        if (addresses.Length == 0) throw new SocketException((int)SocketError.HostNotFound);
        var forbidden = await ApiServerAddressesAsync(reach, target, cancellationToken);
        var permitted = ImmutableArray.CreateBuilder<IPAddress>();
        string? complaint = null;
        foreach (var address in addresses)
        {
            if (Complain(reach, target, address, forbidden) is { } wrong) complaint ??= wrong;
            else permitted.Add(address);
        }
        return permitted.Count > 0 ? permitted.DrainToImmutable() : throw new NetworkRefusalException(ErrorCode.PermissionDenied, $"`{target.Host}` {complaint}");
    }

    private string? Complain(AddressReach reach, Target target, IPAddress address, IPAddress[] forbidden)
    {
        var inner = AddressClasses.Unwrap(address);
        if (Array.Exists(forbidden, other => AddressClasses.Unwrap(other).Equals(inner))) return "is the cluster's API server, which a permission must name exactly";
        foreach (var blocked in options.Blocklist)
            if (blocked.Matches(target.Scheme, inner.ToString(), target.Port)) return $"is at an address on the blocklist, {blocked}";
        return options.Permits(reach, address) ? null : AddressReaches.Complain(reach, address);
    }

    /// <summary>The API server's addresses, if this is its port and the rule has not named it.</summary>
    private async ValueTask<IPAddress[]> ApiServerAddressesAsync(AddressReach reach, Target target, CancellationToken cancellationToken)
    {
        if (apiServer() is not { } server || server.Port != target.Port) return [];
        var host = OriginPattern.HostOf(server);
        // A literal address names whatever is there.
        if (reach == AddressReach.Literal || (host == target.Host && reach != AddressReach.Glob)) return [];
        try
        {
            return AddressReaches.LiteralOf(host) ?? await options.Resolve(server.IdnHost, cancellationToken);
        }
        catch (SocketException)
        {
            // A server without an address is nobody's; its name is still refused by the gateway.
            return [];
        }
    }

    private static async ValueTask<Stream> ConnectAsync(IPEndPoint server, CancellationToken cancellationToken)
    {
        if (server.Address.IsIPv4MappedToIPv6) server.Address = server.Address.MapToIPv4();
        var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(server, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private readonly record struct Target(string Scheme, string Host, int Port);
}
