using System.Collections.Immutable;
using System.Text.Json;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Json;

namespace LazyOC.Plugins.Packages.Signing;

/// <summary>Which keys a publisher's packages were signed with, and which of them are revoked; what was learned is never unlearned.</summary>
/// <remarks>Immutable.</remarks>
public sealed record Pins
{
    // Before what is made of it.
    private static readonly ImmutableSortedDictionary<string, PublisherPins> NoPublishers = ImmutableSortedDictionary.Create<string, PublisherPins>(StringComparer.Ordinal);

    public static Pins None { get; } = new();

    /// <summary>By the publisher's name.</summary>
    public ImmutableSortedDictionary<string, PublisherPins> Publishers { get; init => field = value ?? NoPublishers; } = NoPublishers;

    public PublisherPins Of(string publisher) => Publishers.GetValueOrDefault(publisher) ?? PublisherPins.None;

    /// <summary>A publisher's packages are signed with this key from now on.</summary>
    public Pins Pin(string publisher, PublicKey key) => this with { Publishers = Publishers.SetItem(publisher, Of(publisher) with { Keys = [key] }) };

    /// <summary>Remembers what a publisher has revoked, so that nobody can take it back by showing an older list.</summary>
    public Pins Learn(PublisherKeys publisher)
    {
        var known = Of(publisher.Publisher);
        var revoked = known.Revoked.Union(publisher.Revocations.Select(revocation => revocation.Key)).Order().ToImmutableArray();
        return revoked.Length == known.Revoked.Length ? this : this with { Publishers = Publishers.SetItem(publisher.Publisher, known with { Revoked = revoked }) };
    }

    /// <summary>These pins, with what others say of one publisher: how a decision is kept without undoing what another process has learned meanwhile.</summary>
    public Pins With(string publisher, Pins decided)
    {
        var of = decided.Of(publisher);
        return this with { Publishers = Publishers.SetItem(publisher, of with { Revoked = [.. Of(publisher).Revoked.Union(of.Revoked).Order()] }) };
    }

    /// <summary>Reads <c>trust.json</c>; a file that is not there pins nothing.</summary>
    /// <param name="path">The file.</param>
    /// <param name="limits"><see cref="SigningLimits.Default"/> when null.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static Outcome<Pins> Read(string path, SigningLimits? limits = null)
    {
        const string hint = "restore it from a backup; without it the keys of all publishers have to be trusted anew";
        limits ??= SigningLimits.Default;
        if (UserFile.Read(path, limits.MaxPinFileBytes) is not { } bytes) return None;
        if (!StrictJson.Read(bytes, TrustFilesJson.Default.PinDocument, new JsonLimits(limits.MaxPinFileBytes)).TryGet(out var document, out var problems))
            return problems.Select(problem => problem.In(path) with { Hint = hint }).ToImmutableArray();
        if (document.TrustVersion != PinDocument.CurrentVersion) return new Problem($"{path}: trustVersion", $"is {document.TrustVersion}; this LazyOC reads version {PinDocument.CurrentVersion}", "a newer LazyOC wrote it: use that one");
        return new Pins { Publishers = document.Publishers.ToImmutableSortedDictionary(StringComparer.Ordinal) };
    }

    /// <summary>Reads the file, changes what it says and replaces it in one step; processes take turns.</summary>
    /// <param name="path">The file; its directory is made when it is not there.</param>
    /// <param name="change">Given what the file says now.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static Outcome<Pins> Change(string path, Func<Pins, Pins> change)
    {
        var directory = Path.GetDirectoryName(Path.GetFullPath(path))!;
        UserFile.CreateDirectory(directory);
        if (!UserFile.Lock(directory).TryGet(out var held, out var problems)) return problems;
        using (held)
        {
            if (!Read(path).TryGet(out var before, out problems)) return problems;
            var after = change(before);
            if (after == before) return after;
            var document = new PinDocument { TrustVersion = PinDocument.CurrentVersion, Publishers = after.Publishers };
            UserFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(document, TrustFilesJson.Default.PinDocument), new StoreFiles());
            return after;
        }
    }
}

/// <summary>What is remembered of a publisher.</summary>
public sealed record PublisherPins
{
    public static PublisherPins None { get; } = new() { Keys = [], Revoked = [] };

    /// <summary>Keys that its packages have to be signed with, revoked ones among them; empty before the first.</summary>
    public required ImmutableArray<PublicKey> Keys { get; init; }

    /// <summary>In order.</summary>
    public required ImmutableArray<KeyId> Revoked { get; init; }
}

/// <summary><c>trust.json</c>.</summary>
internal sealed record PinDocument
{
    public const int CurrentVersion = 1;

    public required int TrustVersion { get; init; }

    public required ImmutableSortedDictionary<string, PublisherPins> Publishers { get; init; }
}
