using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Sandbox.Broker;

namespace LazyOC.Plugins.Sandbox.Network;

/// <summary>What requests must have in common to use each other's connections.</summary>
internal readonly record struct ConnectionKey(PluginId Plugin, PluginSession? Session, AddressReach Reach);

/// <summary>
/// The HTTP connections of plugins, kept apart. The client hands a connection to whichever request for that server comes
/// first, even to another one than it was opened for; so requests share connections only when the check of the address
/// would end the same for all of them: those of one plugin in one session by rules of one reach. Thread safe.
/// </summary>
internal sealed class ConnectionPools(NetworkOptions options, Connector connector, SandboxLimits limits) : IDisposable
{
    /// <summary>A plugin may have no more requests than that open, so a server sees no more connections.</summary>
    private readonly int _connections = limits.NetworkConcurrency;

    private readonly ConcurrentDictionary<ConnectionKey, Lazy<HttpMessageInvoker>> _pools = new();

    public HttpMessageInvoker this[ConnectionKey key] =>
        _pools.GetOrAdd(options.Separation(key), static (own, pools) => new Lazy<HttpMessageInvoker>(() => new HttpMessageInvoker(pools.NewHandler(own.Reach))), this).Value;

    /// <summary>Ends every connection.</summary>
    public void CloseAll()
    {
        foreach (var key in _pools.Keys)
            if (_pools.TryRemove(key, out var pool)) pool.Value.Dispose();
    }

    public void Dispose() => CloseAll();

    private SocketsHttpHandler NewHandler(AddressReach reach) => new()
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        UseCookies = false,
        UseProxy = false,
        PreAuthenticate = false,
        // Otherwise servers could follow a user over plugins.
        ActivityHeadersPropagator = null,
        ConnectTimeout = limits.NetworkTimeout,
        MaxConnectionsPerServer = _connections,
        MaxResponseHeadersLength = limits.NetworkHeadersKiB,
        MaxResponseDrainSize = 0,
        PooledConnectionLifetime = limits.NetworkConnectionLifetime,
        PooledConnectionIdleTimeout = limits.NetworkConnectionLifetime,
        SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = Validate },
        ConnectCallback = (context, cancellationToken) => connector.ConnectAsync(reach, context.InitialRequestMessage.RequestUri!.Scheme, context.DnsEndPoint, cancellationToken),
    };

    private bool Validate(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors == SslPolicyErrors.None) return true;
        if (errors != SslPolicyErrors.RemoteCertificateChainErrors || options.CertificateAuthorities.Count == 0 || certificate is not X509Certificate2 server || chain is null) return false;
        using var own = new X509Chain();
        own.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        own.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        own.ChainPolicy.CustomTrustStore.AddRange(options.CertificateAuthorities);
        // The certificates in between are those that the server sent.
        foreach (var element in chain.ChainElements) own.ChainPolicy.ExtraStore.Add(element.Certificate);
        return own.Build(server);
    }
}
