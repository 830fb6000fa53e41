using System.Collections.Immutable;
using System.Text.Json;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Json;

namespace LazyOC.Plugins.Packages.Signing;

/// <summary>A key of this user, without its private part.</summary>
public sealed record StoredKey
{
    /// <summary>What the user calls it.</summary>
    public required string Name { get; init; }

    public required PublicKey PublicKey { get; init; }

    public required DateTimeOffset Created { get; init; }

    /// <summary>The statement by which it took the place of another key; null when it took none.</summary>
    public SignedRotation? Replaces { get; init; }

    /// <summary>The name of the key that has taken its place; null when none has.</summary>
    public string? ReplacedBy { get; init; }

    /// <summary>Set when it is not to be trusted any more.</summary>
    public KeyRevocation? Revoked { get; init; }
}

/// <summary>The user's signing keys: a folder with a file each, <c>NAME.json</c>, that only this user may read.</summary>
/// <remarks>
/// Private keys are encrypted under a passphrase, always. Each change replaces or adds one file in one step; processes take
/// turns. Disk errors throw <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/>. Thread safe.
/// </remarks>
public sealed class KeyFiles
{
    private const string Extension = ".json";
    private const int MaxNameChars = 63;

    private static readonly TimeSpan LockWait = TimeSpan.FromSeconds(5);

    private readonly string _directory;
    private readonly TimeProvider _time;
    private readonly SigningLimits _limits;
    private readonly StoreFiles _files = new();

    /// <param name="directory">The folder; made with the first key.</param>
    /// <param name="time">Dates what is made.</param>
    /// <param name="limits"><see cref="SigningLimits.Default"/> when null.</param>
    public KeyFiles(string directory, TimeProvider time, SigningLimits? limits = null) => (_directory, _time, _limits) = (Path.GetFullPath(directory), time, limits ?? SigningLimits.Default);

    /// <summary>All keys, in order of name.</summary>
    public Outcome<ImmutableArray<StoredKey>> List()
    {
        if (!ReadAll().TryGet(out var documents, out var problems)) return problems;
        return documents.Select(document => Stored(document, documents)).ToImmutableArray();
    }

    /// <summary>A key by its name.</summary>
    public Outcome<StoredKey> Find(string name)
    {
        if (!List().TryGet(out var keys, out var problems)) return problems;
        return keys.FirstOrDefault(key => key.Name == name) is { } found ? found : NoSuchKey(name);
    }

    /// <summary>Makes a new key.</summary>
    public Outcome<StoredKey> Create(string name, string passphrase) => Change(() =>
    {
        if (CheckNew(name, passphrase) is { } problem) return problem;
        using var key = SigningKey.Create();
        return Add(name, key, passphrase, replaces: null);
    });

    /// <summary>Takes in a key from elsewhere.</summary>
    /// <param name="name">What it is called from now on.</param>
    /// <param name="key">The key, opened; it stays the caller's.</param>
    /// <param name="passphrase">What it is encrypted with here.</param>
    public Outcome<StoredKey> Import(string name, SigningKey key, string passphrase) => Change(() =>
    {
        if (CheckNew(name, passphrase) is { } problem) return problem;
        if (!ReadAll().TryGet(out var documents, out var problems)) return problems;
        if (documents.FirstOrDefault(document => document.PublicKey.Equals(key.PublicKey)) is { } same) return new Problem("", $"the key is here already, as `{same.Name}`");
        return Add(name, key, passphrase, replaces: null);
    });

    /// <summary>Opens a key for signing; one that was replaced or revoked signs nothing any more.</summary>
    public Outcome<SigningKey> Open(string name, string passphrase)
    {
        if (!Find(name).TryGet(out var stored, out var problems)) return problems;
        if (stored.Revoked is { } revoked) return new Problem(name, $"was revoked: {revoked.Reason}", "sign with another key");
        if (stored.ReplacedBy is { } next) return new Problem(name, $"was replaced by the key `{next}`", "sign with that one");
        return Unlock(name, passphrase);
    }

    /// <summary>The private key as encrypted PKCS#8 in PEM, under the passphrase it has here.</summary>
    public Outcome<string> ExportPrivate(string name) => Read(name).TryGet(out var document, out var problems) ? document.PrivateKey : problems;

    /// <summary>Makes a new key that takes the place of another, which signs that with it and then nothing more.</summary>
    /// <param name="name">The key that is replaced.</param>
    /// <param name="next">The name of the new one.</param>
    /// <param name="passphrase">Opens the old key, and encrypts the new one.</param>
    public Outcome<StoredKey> Rotate(string name, string next, string passphrase) => Change(() =>
    {
        if (CheckNew(next, passphrase) is { } problem) return problem;
        if (!Open(name, passphrase).TryGet(out var old, out var problems)) return problems;
        using (old)
        {
            using var key = SigningKey.Create();
            return Add(next, key, passphrase, SignedRotation.Sign(old, key, _time.GetUtcNow()));
        }
    });

    /// <summary>Marks a key as not to be trusted any more. It takes no passphrase: one that was stolen may have been changed.</summary>
    /// <param name="name">The key.</param>
    /// <param name="reason">Told to everybody who has trusted it.</param>
    public Outcome<StoredKey> Revoke(string name, string reason) => Change(() =>
    {
        if (KeyRevocation.CheckReason(reason, _limits) is { } problem) return problem;
        if (!Read(name).TryGet(out var document, out var problems)) return problems;
        if (document.Revoked is not null) return new Problem(name, "was revoked before");
        Write(document with { Revoked = new KeyRevocation { Key = document.PublicKey.Id, At = _time.GetUtcNow(), Reason = reason } });
        return Find(name);
    });

    private Outcome<StoredKey> Change(Func<Outcome<StoredKey>> change)
    {
        UserFile.CreateDirectory(_directory);
        if (!StoreLock.Acquire(_directory, LockWait).TryGet(out var held, out _)) return new Problem("", "another LazyOC is changing the keys", "wait for it to finish, then try again");
        using (held) return change();
    }

    private Outcome<StoredKey> Add(string name, SigningKey key, string passphrase, SignedRotation? replaces)
    {
        var document = new KeyDocument
        {
            KeyVersion = KeyDocument.CurrentVersion,
            Name = name,
            PublicKey = key.PublicKey,
            PrivateKey = key.ToEncryptedPem(passphrase, _limits),
            Created = _time.GetUtcNow(),
            Replaces = replaces,
        };
        Write(document);
        return Stored(document, []);
    }

    private Problem? CheckNew(string name, string passphrase)
    {
        if (!IsName(name)) return new Problem(name, "is not a key's name", $"a name has at most {MaxNameChars} lower-case letters, digits and hyphens, a letter first");
        if (File.Exists(FileOf(name))) return new Problem(name, "is the name of a key that is here already", "choose another name");
        if (passphrase.Length < _limits.MinPassphraseChars) return new Problem("", $"the passphrase has fewer than {_limits.MinPassphraseChars} characters");
        if (!ReadAll().TryGet(out var documents, out var problems)) return problems[0];
        return documents.Length >= _limits.MaxKeys ? new Problem("", $"there are {documents.Length:N0} keys already; at most {_limits.MaxKeys:N0} are kept") : null;
    }

    private static bool IsName(string name) =>
        name is [>= 'a' and <= 'z', ..] && name.Length <= MaxNameChars && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');

    private Outcome<SigningKey> Unlock(string name, string passphrase)
    {
        if (!Read(name).TryGet(out var document, out var problems)) return problems;
        if (!SigningKey.FromPem(document.PrivateKey, passphrase).TryGet(out var key, out problems)) return problems.Select(problem => problem.In(name)).ToImmutableArray();
        if (key.PublicKey.Equals(document.PublicKey)) return key;
        key.Dispose();
        return new Problem(FileOf(name), "is damaged: its private key is not the one of its public key");
    }

    private Outcome<ImmutableArray<KeyDocument>> ReadAll()
    {
        if (!Directory.Exists(_directory)) return ImmutableArray<KeyDocument>.Empty;
        var documents = ImmutableArray.CreateBuilder<KeyDocument>();
        foreach (var file in Directory.EnumerateFiles(_directory, "*" + Extension).Order(StringComparer.Ordinal))
        {
            if (!Read(Path.GetFileNameWithoutExtension(file)).TryGet(out var document, out var problems)) return problems;
            documents.Add(document);
        }
        return documents.ToImmutable();
    }

    private Outcome<KeyDocument> Read(string name)
    {
        if (!IsName(name)) return NoSuchKey(name);
        var path = FileOf(name);
        if (UserFile.Read(path, _limits.MaxKeyFileBytes) is not { } bytes) return NoSuchKey(name);
        if (!StrictJson.Read(bytes, TrustFilesJson.Default.KeyDocument, new JsonLimits(_limits.MaxKeyFileBytes)).TryGet(out var document, out var problems)) return problems.Select(problem => problem.In(path)).ToImmutableArray();
        if (document.KeyVersion != KeyDocument.CurrentVersion) return new Problem($"{path}: keyVersion", $"is {document.KeyVersion}; this LazyOC reads version {KeyDocument.CurrentVersion}", "a newer LazyOC wrote it: use that one");
        if (document.Name != name) return new Problem($"{path}: name", $"is `{document.Name}`, not the name of the file");
        return document;
    }

    private void Write(KeyDocument document) => UserFile.Write(FileOf(document.Name), JsonSerializer.SerializeToUtf8Bytes(document, TrustFilesJson.Default.KeyDocument), _files);

    private string FileOf(string name) => Path.Combine(_directory, name + Extension);

    private static StoredKey Stored(KeyDocument document, ImmutableArray<KeyDocument> all) => new()
    {
        Name = document.Name,
        PublicKey = document.PublicKey,
        Created = document.Created,
        Replaces = document.Replaces,
        ReplacedBy = all.FirstOrDefault(other => other.Replaces is { } rotation && rotation.Old.Equals(document.PublicKey))?.Name,
        Revoked = document.Revoked,
    };

    private static Problem NoSuchKey(string name) => new(name, "is not the name of a key that is here", "`lazyoc keys list` shows them, `lazyoc keys new` makes one");
}

/// <summary>The file of a key.</summary>
internal sealed record KeyDocument
{
    public const int CurrentVersion = 1;

    public required int KeyVersion { get; init; }

    public required string Name { get; init; }

    public required PublicKey PublicKey { get; init; }

    /// <summary>Encrypted PKCS#8 in PEM.</summary>
    public required string PrivateKey { get; init; }

    public required DateTimeOffset Created { get; init; }

    public SignedRotation? Replaces { get; init; }

    public KeyRevocation? Revoked { get; init; }
}
