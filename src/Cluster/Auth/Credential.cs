using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using LazyOC.Cluster.Errors;

namespace LazyOC.Cluster.Auth;

/// <summary>What one request is authenticated with: the Authorization header, a client certificate, both or neither.</summary>
internal sealed record Credential(string? Authorization, X509Certificate2? Certificate)
{
    public static X509Certificate2? LoadCertificate(string? certificatePem, string? keyPem, string owner)
    {
        if (certificatePem is null && keyPem is null)
            return null;
        if (certificatePem is null || keyPem is null)
            throw new CredentialException($"{owner} has a client certificate or a key, but not both", "log in again, or complete the user in the kubeconfig");
        try
        {
            using var certificate = X509Certificate2.CreateFromPem(certificatePem, keyPem);
            // Windows' TLS refuses keys that exist in memory only; a PKCS#12 round trip gives them a store.
            return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), password: null);
        }
        catch (CryptographicException e)
        {
            throw new CredentialException($"{owner} has a client certificate that cannot be used: {e.Message}", "log in again; encrypted keys are not supported", e);
        }
    }

    // Secrets must not reach a log through a record's generated text.
    public override string ToString() => nameof(Credential);
}
