using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Packages.Signing;

namespace LazyOC.Marketplace.Registry;

/// <summary>The key that the registry signs with. Thread safe.</summary>
internal sealed class RootKey : IDisposable
{
    public const string FileName = "registry-key.pem";

    /// <summary>Of keys that are made from this one.</summary>
    private const int DerivedBytes = 32;

    private readonly SigningKey _key;
    private readonly byte[] _scalar;
    private readonly Lock _lock = new();

    private RootKey(SigningKey key, byte[] scalar) => (_key, _scalar) = (key, scalar);

    public PublicKey PublicKey => _key.PublicKey;

    /// <summary>Opens the key of a data folder; makes one when there is none.</summary>
    /// <param name="directory">The data folder.</param>
    /// <param name="passphrase">Opens a key that is encrypted, as <c>openssl pkcs8 -topk8</c> or <c>lazyoc keys export</c> write it; null for none.</param>
    /// <exception cref="IOException">The file cannot be read or written.</exception>
    public static Outcome<RootKey> Open(string directory, string? passphrase)
    {
        var path = Path.Combine(directory, FileName);
        if (UserFile.Read(path, SigningLimits.Default.MaxKeyFileBytes) is not { } bytes)
        {
            using var created = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            bytes = Encoding.ASCII.GetBytes(created.ExportPkcs8PrivateKeyPem() + "\n");
            UserFile.Write(path, bytes);
        }
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~(UnixFileMode.UserRead | UnixFileMode.UserWrite)) != UnixFileMode.None)
            return new Problem(path, "can be read or used by others than its owner", $"`chmod 600 {path}`, and think about who may have read it");
        var pem = Encoding.ASCII.GetString(bytes);
        return SigningKey.FromPem(pem, passphrase).TryGet(out var key, out var problems)
            ? new RootKey(key, ScalarOf(pem, passphrase))
            : problems.Select(problem => problem.In(path)).ToImmutableArray();
    }

    /// <summary>A key to encrypt records with, the same on each node and after each restore; another for each purpose.</summary>
    public byte[] Derive(string purpose) => HKDF.DeriveKey(HashAlgorithmName.SHA256, _scalar, DerivedBytes, info: Encoding.UTF8.GetBytes($"lazyoc marketplace: {purpose}"));

    /// <summary>Signs something; one at a time.</summary>
    public T Sign<T>(Func<SigningKey, T> sign)
    {
        lock (_lock) return sign(_key);
    }

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_scalar);
        _key.Dispose();
    }

    /// <summary>The private number of a key that was opened before.</summary>
    private static byte[] ScalarOf(string pem, string? passphrase)
    {
        using var key = ECDsa.Create();
        if (SigningKey.IsEncrypted(pem)) key.ImportFromEncryptedPem(pem, passphrase);
        else key.ImportFromPem(pem);
        return key.ExportParameters(includePrivateParameters: true).D!;
    }
}
