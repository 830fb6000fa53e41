using System.Security.Cryptography;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Plugins.Packages.Signing;

/// <summary>A private ECDSA key on P-256, open for signing.</summary>
/// <remarks>Not thread safe. Disposing it forgets the key.</remarks>
public sealed class SigningKey : IDisposable
{
    private const string EncryptedLabel = "ENCRYPTED PRIVATE KEY";

    private readonly ECDsa _key;

    private SigningKey(ECDsa key, PublicKey publicKey) => (_key, PublicKey) = (key, publicKey);

    public PublicKey PublicKey { get; }

    /// <summary>Makes a new key from the operating system's randomness.</summary>
    public static SigningKey Create()
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return PublicKey.FromSubjectPublicKeyInfo(key.ExportSubjectPublicKeyInfo()).TryGet(out var publicKey, out var problems)
            ? new SigningKey(key, publicKey)
            : throw new CryptographicException(Problem.Join(problems));
    }

    /// <summary>Reads a private key in PEM: PKCS#8, encrypted or not, or SEC 1, as <c>openssl</c> writes them.</summary>
    /// <param name="pem">The file's text.</param>
    /// <param name="passphrase">Needed by an encrypted one.</param>
    public static Outcome<SigningKey> FromPem(string pem, string? passphrase)
    {
        var isEncrypted = IsEncrypted(pem);
        if (isEncrypted && passphrase is null) return new Problem("", "the key is encrypted and its passphrase was not given");
        var key = ECDsa.Create();
        try
        {
            if (isEncrypted) key.ImportFromEncryptedPem(pem, passphrase);
            else key.ImportFromPem(pem);
            if (PublicKey.FromSubjectPublicKeyInfo(key.ExportSubjectPublicKeyInfo()).TryGet(out var publicKey, out var problems)) return new SigningKey(key, publicKey);
            key.Dispose();
            return problems;
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException)
        {
            key.Dispose();
            return isEncrypted
                ? new Problem("", "the key cannot be decrypted: the passphrase is another one, or the file is damaged")
                : new Problem("", "there is no private key on P-256 in PEM", "`openssl ecparam -name prime256v1 -genkey -noout` makes one");
        }
    }

    /// <summary>Whether a PEM file holds an encrypted key.</summary>
    public static bool IsEncrypted(string pem) => PemEncoding.TryFind(pem, out var fields) && pem[fields.Label] == EncryptedLabel;

    /// <summary>Signs some bytes: <c>r</c> and <c>s</c>, 32 bytes each (IEEE P1363), over their SHA-256.</summary>
    public byte[] Sign(ReadOnlySpan<byte> data) => _key.SignData(data, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);

    /// <summary>The key as encrypted PKCS#8 in PEM: PBES2 with AES-256-CBC under a key of PBKDF2 with SHA-256 (RFC 8018).</summary>
    /// <param name="passphrase">What it takes to open it again.</param>
    /// <param name="limits">Say how many rounds.</param>
    public string ToEncryptedPem(string passphrase, SigningLimits? limits = null) =>
        _key.ExportEncryptedPkcs8PrivateKeyPem(passphrase, new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, (limits ?? SigningLimits.Default).PassphraseIterations)) + "\n";

    public void Dispose() => _key.Dispose();
}
