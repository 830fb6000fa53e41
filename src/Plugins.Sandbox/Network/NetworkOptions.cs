using System.Collections.Immutable;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using LazyOC.Plugins.Contracts.Permissions;
using LazyOC.Plugins.Sandbox.Broker;

namespace LazyOC.Plugins.Sandbox.Network;

/// <summary>The addresses of a name.</summary>
/// <exception cref="System.Net.Sockets.SocketException">It has none.</exception>
public delegate Task<IPAddress[]> ResolveName(string host, CancellationToken cancellationToken);

/// <summary>The user's and the administrator's part in what plugins do with the network.</summary>
public sealed record NetworkOptions
{
    /// <summary>Servers that no plugin may talk to, whatever is granted; an address here is meant by whatever name it is reached.</summary>
    public ImmutableArray<OriginPattern> Blocklist { get; init; } = [];

    /// <summary>Resolves names; asked anew for every connection.</summary>
    public ResolveName Resolve { get; init; } = Dns.GetHostAddressesAsync;

    /// <summary>The value of a plugin's secret setting, for requests that carry it; null when it is unset.</summary>
    public Func<PluginPrincipal, string, string?> Secret { get; init; } = static (_, _) => null;

    /// <summary>Authorities that servers' certificates may come from, besides those this computer trusts.</summary>
    public X509Certificate2Collection CertificateAuthorities { get; init; } = new();

    /// <summary>Whether a rule opens an address; a test that shows what the check is good for leaves it open.</summary>
    internal Func<AddressReach, IPAddress, bool> Permits { get; init; } = AddressReaches.Permits;

    /// <summary>Which requests may share connections; a test that shows what the separation is good for takes it away.</summary>
    internal Func<ConnectionKey, ConnectionKey> Separation { get; init; } = static key => key;
}

/// <summary>What the session's cluster is to plugins' requests.</summary>
public sealed record NetworkCluster
{
    /// <summary>The API server; null when there is none.</summary>
    public required Func<Uri?> ApiServer { get; init; }

    /// <summary>The bearer token of the user in whose session a plugin runs; null when he has none.</summary>
    public required Func<PluginPrincipal, CancellationToken, ValueTask<string?>> Token { get; init; }
}
