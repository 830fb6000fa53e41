using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using LazyOC.Marketplace.Data;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Packages.Signing;

namespace LazyOC.Marketplace.Registry;

/// <summary>The key that the registry signs with. Thread safe.</summary>
internal sealed class RootKey : IDisposable
{
    public const string FileName = "registry-key.pem";

    private readonly SigningKey _key;
    private readonly Lock _lock = new();

    private RootKey(SigningKey key) => _key = key;

    public PublicKey PublicKey => _key.PublicKey;

    /// <summary>Opens the key of a data folder that all nodes of a marketplace share a copy of; the first of them makes it.</summary>
    /// <exception cref="IOException">The file cannot be read or written.</exception>
    public static async Task<Outcome<RootKey>> OpenAsync(Database database, string directory, string? passphrase, CancellationToken cancellationToken)
    {
        const string Find = "SELECT key_id FROM registry_key WHERE id = 1";
        var known = await database.ReadAsync(sql => sql.FirstAsync<string>(Find), cancellationToken);
        if (!Open(directory, known, passphrase).TryGet(out var root, out var problems)) return problems;
        if (known is not null) return root;
        var key = root.PublicKey.Id.ToString();
        var first = await database.WriteAsync(async sql =>
        {
            await sql.ExecuteAsync("INSERT INTO registry_key (id, key_id) VALUES (1, @key) ON CONFLICT (id) DO NOTHING", new { key });
            return await sql.FirstAsync<string>(Find);
        }, cancellationToken);
        if (first == key) return root;
        root.Dispose();
        return Open(directory, first, passphrase);
    }

    /// <summary>Opens the key of a data folder; makes one when there is none.</summary>
    /// <param name="directory">The data folder.</param>
    /// <param name="known">The key that the records name, by its id; null when there is none yet.</param>
    /// <param name="passphrase">Opens a key that is encrypted, as <c>openssl pkcs8 -topk8</c> or <c>lazyoc keys export</c> write it; null for none.</param>
    /// <exception cref="IOException">The file cannot be read or written.</exception>
    public static Outcome<RootKey> Open(string directory, string? known, string? passphrase)
    {
        var path = Path.Combine(directory, FileName);
        if (UserFile.Read(path, SigningLimits.Default.MaxKeyFileBytes) is not { } bytes)
        {
            // Clients trust one key: a node does not begin with another.
            if (known is not null) return new Problem(path, "is missing, and the marketplace has a key", "copy it from a node or from a backup");
            using var created = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            bytes = Encoding.ASCII.GetBytes(created.ExportPkcs8PrivateKeyPem() + "\n");
            UserFile.Write(path, bytes);
        }
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~(UnixFileMode.UserRead | UnixFileMode.UserWrite)) != UnixFileMode.None)
            return new Problem(path, "can be read or used by others than its owner", $"`chmod 600 {path}`, and think about who may have read it");
        if (!SigningKey.FromPem(Encoding.ASCII.GetString(bytes), passphrase).TryGet(out var key, out var problems)) return problems.Select(problem => problem.In(path)).ToImmutableArray();
        if (known is null || known == key.PublicKey.Id.ToString()) return new RootKey(key);
        key.Dispose();
        return new Problem(path, "is not the key that this marketplace signs with", "copy that one from a node or from a backup");
    }

    /// <summary>Signs something; one at a time.</summary>
    public T Sign<T>(Func<SigningKey, T> sign)
    {
        lock (_lock) return sign(_key);
    }

    public void Dispose() => _key.Dispose();
}
