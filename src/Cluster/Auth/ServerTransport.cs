using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using LazyOC.Cluster.Config;
using LazyOC.Cluster.Errors;

namespace LazyOC.Cluster.Auth;

/// <summary>Sockets, TLS and proxy towards one API server.</summary>
internal sealed class ServerTransport
{
    private readonly ClusterOptions _options;
    private volatile X509Certificate2? _clientCertificate;

    public ServerTransport(ClusterOptions options, ClusterLimits limits)
    {
        _options = options;
        Handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.GZip,
            ConnectTimeout = limits.ConnectTimeout,
            EnableMultipleHttp2Connections = true,
            KeepAlivePingDelay = TimeSpan.FromSeconds(15),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(15),
            // A rotated client certificate is only seen by new connections.
            PooledConnectionLifetime = TimeSpan.FromMinutes(10),
            // As client-go: the environment's proxy is for remote servers.
            UseProxy = options.ProxyUrl is not null || !options.Server.IsLoopback,
            SslOptions = Tls(),
        };
        if (options.ProxyUrl is { } proxy)
            Handler.Proxy = new WebProxy(proxy) { Credentials = ProxyCredentials(proxy) };
        if (options.Socket is { } path)
            Handler.ConnectCallback = (_, cancellationToken) => ConnectAsync(path, cancellationToken);
    }

    public SocketsHttpHandler Handler { get; }

    /// <summary>The client certificate of connections made from now on.</summary>
    public void Select(Credential credential) => _clientCertificate = credential.Certificate;

    private static async ValueTask<Stream> ConnectAsync(string path, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private SslClientAuthenticationOptions Tls()
    {
        var tls = new SslClientAuthenticationOptions
        {
            LocalCertificateSelectionCallback = (_, _, _, _, _) => _clientCertificate!,
            RemoteCertificateValidationCallback = Validate,
        };
        if (_options.CertificateAuthorityPem is not { } pem)
            return tls;

        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        try
        {
            policy.CustomTrustStore.ImportFromPem(pem);
        }
        catch (CryptographicException e)
        {
            throw new KubeconfigException($"the certificate authority of the cluster `{_options.ClusterName}` cannot be used: {e.Message}", "log in again, or correct `certificate-authority`", e);
        }

        if (policy.CustomTrustStore.Count == 0)
            throw new KubeconfigException($"the certificate authority of the cluster `{_options.ClusterName}` holds no PEM certificate", "log in again, or correct `certificate-authority`");
        tls.CertificateChainPolicy = policy;
        return tls;
    }

    private bool Validate(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        var trusted = errors is SslPolicyErrors.None || _options.InsecureSkipTlsVerify;
        if (!trusted)
            throw Explain(certificate as X509Certificate2, chain, errors);
        return trusted;
    }

    private CertificateException Explain(X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        var server = _options.Server.Authority;
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable))
            return new CertificateException($"`{server}` sent no certificate", "check the server's address");

        var status = chain?.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, s) => all | s.Status) ?? X509ChainStatusFlags.NoError;
        if (status.HasFlag(X509ChainStatusFlags.NotTimeValid))
            return new CertificateException($"the certificate of `{server}` is valid from {certificate?.NotBefore:u} to {certificate?.NotAfter:u}, not now", "check this machine's clock; else the cluster's certificates have to be renewed");
        if (status is not X509ChainStatusFlags.NoError)
            return new CertificateException($"the certificate of `{server}` is signed by an unknown authority (`{certificate?.Issuer}`)", "set `certificate-authority` of the cluster, or log in again with `oc login --certificate-authority=FILE …`");
        return new CertificateException($"the certificate of `{server}` is for another name (`{certificate?.GetNameInfo(X509NameType.DnsName, forIssuer: false)}`)", "use the name in the certificate as `server`, or set `tls-server-name` of the cluster");
    }

    private static NetworkCredential? ProxyCredentials(Uri proxy)
    {
        if (proxy.UserInfo.Length == 0)
            return null;
        var parts = proxy.UserInfo.Split(':', 2);
        return new NetworkCredential(Uri.UnescapeDataString(parts[0]), parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : "");
    }
}
