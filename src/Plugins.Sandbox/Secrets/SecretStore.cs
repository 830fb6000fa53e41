using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Json;
using LazyOC.Plugins.Sandbox.Broker;

namespace LazyOC.Plugins.Sandbox.Secrets;

/// <summary>
/// The secret settings of plugins: what the host adds to requests for them and never gives them. Thread safe; a change of
/// another process is seen after <see cref="Reload"/>.
/// </summary>
/// <remarks>
/// Each is encrypted with AES-256-GCM, bound to its plugin and name, under a key in a file beside, which like all of them only
/// this user may read. That keeps secrets out of backups and copies of single files, and keeps one plugin's file from being
/// taken for another's. It does not protect against who can read this user's files: that one has the key too.
/// </remarks>
public sealed class SecretStore
{
    private const int KeyBytes = 32;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const string Mask = "[secret]";

    private static readonly ImmutableSortedDictionary<string, string> None = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    private readonly string _directory;
    private readonly SandboxLimits _limits;
    private readonly RandomSource _random;
    private readonly Action<string> _warn;
    private readonly Lock _gate = new();
    private readonly Dictionary<PluginId, ImmutableSortedDictionary<string, string>> _known = [];

    /// <param name="directory">Where they are; made with the first secret.</param>
    /// <param name="limits">Bounds of a secret.</param>
    /// <param name="random">Makes the key and the nonces.</param>
    /// <param name="warn">Told what cannot be read, one sentence a call; must return at once.</param>
    public SecretStore(string directory, SandboxLimits limits, RandomSource random, Action<string> warn) =>
        (_directory, _limits, _random, _warn) = (directory, limits, random, warn);

    private string KeyFile => Path.Combine(_directory, "key");

    /// <summary>A secret; null when it is not set or cannot be read. For the host alone.</summary>
    public string? Get(PluginId plugin, string name) => Known(plugin).GetValueOrDefault(name);

    /// <summary>Names of the secrets that are set.</summary>
    public ImmutableArray<string> NamesOf(PluginId plugin) => [.. Known(plugin).Keys];

    /// <summary>Keeps a secret; null, or why it is not kept. Nothing repeats the value.</summary>
    public Problem? Set(PluginId plugin, string name, string value) => Check(name, value) ?? Change(plugin, name, known => known.SetItem(name, value));

    /// <summary>Whether a secret can be kept; null, or why not.</summary>
    public Problem? Check(string name, string value)
    {
        if (value.Length < _limits.MinSecretChars) return new Problem(name, $"has fewer than {_limits.MinSecretChars} characters, too few to be kept out of logs");
        if (value.Length > _limits.MaxSecretChars) return new Problem(name, $"has more than {_limits.MaxSecretChars:N0} characters");
        return null;
    }

    /// <summary>Forgets a secret; null, or why it could not be.</summary>
    public Problem? Remove(PluginId plugin, string name) => Change(plugin, name, known => known.Remove(name));

    /// <summary>Forgets all secrets of a plugin.</summary>
    /// <exception cref="IOException">They cannot be deleted.</exception>
    public void RemoveAll(PluginId plugin)
    {
        lock (_gate)
        {
            UserFile.Delete(FileOf(plugin));
            _known[plugin] = None;
        }
    }

    /// <summary>Reads a plugin's secrets again when they are asked for next; names of those that are different.</summary>
    public ImmutableArray<string> Reload(PluginId plugin)
    {
        lock (_gate)
        {
            var before = _known.GetValueOrDefault(plugin) ?? None;
            _known.Remove(plugin);
            var after = Known(plugin);
            return [.. before.Keys.Union(after.Keys).Where(name => before.GetValueOrDefault(name) != after.GetValueOrDefault(name)).Order(StringComparer.Ordinal)];
        }
    }

    /// <summary>A text for logs, the audit and errors, without the plugin's secrets: as they are, and as JSON writes them.</summary>
    public string Redact(PluginId plugin, string text)
    {
        foreach (var secret in Known(plugin).Values.OrderByDescending(secret => secret.Length))
        {
            text = text.Replace(secret, Mask, StringComparison.Ordinal);
            var escaped = JsonEncodedText.Encode(secret).ToString();
            if (escaped != secret) text = text.Replace(escaped, Mask, StringComparison.Ordinal);
        }
        return text;
    }

    private string FileOf(PluginId plugin) => Path.Combine(_directory, $"{plugin}.json");

    private Problem? Change(PluginId plugin, string name, Func<ImmutableSortedDictionary<string, string>, ImmutableSortedDictionary<string, string>> change)
    {
        lock (_gate)
        {
            try
            {
                // What another process has kept meanwhile stays.
                _known.Remove(plugin);
                var next = change(Known(plugin));
                var key = ReadOrMakeKey();
                var file = new SecretFile { Secrets = next.ToImmutableSortedDictionary(s => s.Key, s => Seal(plugin, s.Key, s.Value, key), StringComparer.Ordinal) };
                UserFile.Write(FileOf(plugin), JsonSerializer.SerializeToUtf8Bytes(file, SecretJson.Default.SecretFile));
                _known[plugin] = next;
                return null;
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                return new Problem(name, $"cannot be kept: {error.Message}");
            }
        }
    }

    private ImmutableSortedDictionary<string, string> Known(PluginId plugin)
    {
        lock (_gate)
        {
            if (_known.TryGetValue(plugin, out var known)) return known;
            return _known[plugin] = ReadAll(plugin);
        }
    }

    private ImmutableSortedDictionary<string, string> ReadAll(PluginId plugin)
    {
        try
        {
            if (UserFile.Read(FileOf(plugin), _limits.SecretFileBytes) is not { } bytes) return None;
            if (!StrictJson.Read(bytes, SecretJson.Default.SecretFile, new JsonLimits(_limits.SecretFileBytes, MaxDepth: 6)).TryGet(out var file, out var problems))
            {
                _warn($"the secrets of {plugin} count as unset: `{FileOf(plugin)}` is damaged: {problems[0]}");
                return None;
            }
            if (UserFile.Read(KeyFile, KeyBytes) is not { Length: KeyBytes } key)
            {
                _warn($"the secrets of {plugin} count as unset: `{KeyFile}` is missing or damaged");
                return None;
            }
            return None.AddRange(file.Secrets.Select(s => KeyValuePair.Create(s.Key, Open(plugin, s.Key, s.Value, key))).Where(s => s.Value is not null)!);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            _warn($"the secrets of {plugin} count as unset: {error.Message}");
            return None;
        }
    }

    private byte[] ReadOrMakeKey()
    {
        if (UserFile.Read(KeyFile, KeyBytes) is { } found) return found.Length == KeyBytes ? found : throw new IOException($"`{KeyFile}` is damaged");
        var key = new byte[KeyBytes];
        _random(key);
        try
        {
            UserFile.Write(KeyFile, key, overwrite: false);
            return key;
        }
        catch (IOException) when (File.Exists(KeyFile))
        {
            // Another process was first.
            return UserFile.Read(KeyFile, KeyBytes)!;
        }
    }

    private SealedSecret Seal(PluginId plugin, string name, string value, byte[] key)
    {
        var nonce = new byte[NonceBytes];
        _random(nonce);
        var plain = Encoding.UTF8.GetBytes(value);
        var box = new byte[plain.Length + TagBytes];
        using var aes = new AesGcm(key, TagBytes);
        aes.Encrypt(nonce, plain, box.AsSpan(0, plain.Length), box.AsSpan(plain.Length), Owner(plugin, name));
        CryptographicOperations.ZeroMemory(plain);
        return new SealedSecret(nonce, box);
    }

    private string? Open(PluginId plugin, string name, SealedSecret secret, byte[] key)
    {
        if (secret.Nonce.Length == NonceBytes && secret.Sealed.Length >= TagBytes)
        {
            try
            {
                var plain = new byte[secret.Sealed.Length - TagBytes];
                using var aes = new AesGcm(key, TagBytes);
                aes.Decrypt(secret.Nonce, secret.Sealed.AsSpan(0, plain.Length), secret.Sealed.AsSpan(plain.Length), plain, Owner(plugin, name));
                return Encoding.UTF8.GetString(plain);
            }
            catch (CryptographicException)
            {
                // Told below: another key, another plugin's file, or damage.
            }
        }
        _warn($"the secret `{name}` of {plugin} counts as unset: it cannot be decrypted with the key of this home");
        return null;
    }

    private static byte[] Owner(PluginId plugin, string name) => Encoding.UTF8.GetBytes($"{plugin}/{name}");
}
