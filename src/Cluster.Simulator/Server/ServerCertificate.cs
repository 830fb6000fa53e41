using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace LazyOC.Cluster.Simulator.Server;

/// <summary>A certificate authority of the cluster's own and the loopback server certificate it issued. The CA's key is not kept.</summary>
internal sealed class ServerCertificate : IDisposable
{
    private ServerCertificate(string authorityPem, X509Certificate2 certificate)
    {
        AuthorityPem = authorityPem;
        Certificate = certificate;
    }

    public string AuthorityPem { get; }

    public X509Certificate2 Certificate { get; }

    public static ServerCertificate Issue()
    {
        // Certificates are checked against the machine's clock, whatever the simulated one shows.
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authority = new CertificateRequest("CN=lazyoc-simulator-ca", authorityKey, HashAlgorithmName.SHA256);
        authority.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, pathLengthConstraint: 0, critical: true));
        authority.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        authority.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(authority.PublicKey, critical: false));
        using X509Certificate2 root = authority.CreateSelfSigned(now.AddHours(-1), now.AddDays(30));

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=lazyoc-simulator", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(root, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        using X509Certificate2 issued = request.Create(root, now.AddHours(-1), now.AddDays(29), RandomNumberGenerator.GetBytes(16));
        X509Certificate2 certificate = issued.CopyWithPrivateKey(key);

        // Schannel cannot use an ephemeral key; a round trip through PKCS #12 gives it a named one.
        if (OperatingSystem.IsWindows())
        {
            using X509Certificate2 ephemeral = certificate;
            certificate = X509CertificateLoader.LoadPkcs12(ephemeral.Export(X509ContentType.Pkcs12), password: null);
        }

        return new ServerCertificate(root.ExportCertificatePem() + "\n", certificate);
    }

    public void Dispose() => Certificate.Dispose();
}
