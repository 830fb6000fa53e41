using System.Collections.Immutable;
using System.Text.Json;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Packages.Signing;

namespace LazyOC.Marketplace.Protocol;

/// <summary><c>/v1/publishers/NAME.json</c>: the keys of a publisher, in one envelope that the registry's keys have signed.</summary>
/// <remarks>Immutable and thread safe. There is no way to one that is not verified.</remarks>
public sealed class PublisherFile
{
    public const string PayloadType = "application/vnd.lazyoc.publisher+json";

    private readonly PublisherDocument _document;

    private PublisherFile(PublisherDocument document, PublisherKeys keys) => (_document, Keys) = (document, keys);

    /// <summary>What <see cref="TrustPolicy"/> asks for; every rotation in it is signed by both of its keys.</summary>
    public PublisherKeys Keys { get; }

    /// <summary>Counts up with each change; from 1.</summary>
    public long Sequence => _document.Sequence;

    public DateTimeOffset Expires => _document.Expires;

    /// <summary>As they were signed, for those who pass them on.</summary>
    public ImmutableArray<SignedRotation> Rotations => _document.Rotations;

    /// <summary>Reads the file from anywhere, and refuses it unless the registry's keys have signed just this, for this publisher, and lately.</summary>
    /// <param name="utf8">The whole file.</param>
    /// <param name="publisher">The publisher that was asked for.</param>
    /// <param name="roots">The registry's keys, from where they were trusted.</param>
    /// <param name="now">The time.</param>
    /// <param name="lastSeen">The sequence number of the file that was accepted before; 0 when none was.</param>
    /// <param name="limits"><see cref="RegistryLimits.Default"/> when null.</param>
    public static Outcome<PublisherFile> Read(ReadOnlySpan<byte> utf8, string publisher, KeySet roots, DateTimeOffset now, long lastSeen = 0, RegistryLimits? limits = null)
    {
        limits ??= RegistryLimits.Default;
        if (!ReadOfAnyAge(utf8, publisher, roots, limits).TryGet(out var file, out var problems)) return problems;
        return file._document.Freshness.Check(now, lastSeen, limits) is { } problem ? problem.In(NameOf(publisher)) : file;
    }

    /// <summary>Reads a file of one's own, or one that was believed before, which may have expired, to make the next one of it.</summary>
    public static Outcome<PublisherFile> ReadOfAnyAge(ReadOnlySpan<byte> utf8, string publisher, KeySet roots, RegistryLimits? limits = null)
    {
        limits ??= RegistryLimits.Default;
        var name = NameOf(publisher);
        if (utf8.Length > limits.MaxPublisherBytes) return new Problem(name, $"have {utf8.Length:N0} bytes; at most {limits.MaxPublisherBytes:N0} are allowed");
        if (!DsseEnvelope.Read(utf8).TryGet(out var envelope, out var problems)) return In(name, problems);
        if (!envelope.Verify(PayloadType, roots).TryGet(out var payload, out problems)) return In(name, problems);
        if (!RegistryDocument.Read(payload.Bytes.Span, RegistryJson.Default.PublisherDocument, limits.MaxPublisherBytes).TryGet(out var document, out problems)) return In(name, problems);
        if (document.Publisher != publisher) return new Problem(name, "are those of another publisher", "tell those who run the registry: one publisher's keys are shown for another's");
        return document.Check(limits).TryGet(out var rotations, out problems)
            ? new PublisherFile(document, new PublisherKeys(publisher, document.Keys, rotations, document.Revocations))
            : In(name, problems);
    }

    /// <summary>Makes the file.</summary>
    /// <param name="document">What it says; rotations that are not signed by both keys are refused by those who read it.</param>
    /// <param name="keys">The registry's keys.</param>
    public static byte[] Write(PublisherDocument document, params ReadOnlySpan<SigningKey> keys) =>
        [.. DsseEnvelope.Sign(PayloadType, JsonSerializer.SerializeToUtf8Bytes(document, RegistryJson.Default.PublisherDocument), keys).ToUtf8(), (byte)'\n'];

    private static string NameOf(string publisher) => $"keys of {publisher}";

    private static ImmutableArray<Problem> In(string name, ImmutableArray<Problem> problems) => [.. problems.Select(problem => problem.In(name))];
}

/// <summary>What is signed of a publisher's keys.</summary>
public sealed record PublisherDocument
{
    /// <summary>Its name.</summary>
    public required string Publisher { get; init; }

    /// <summary>Counts up with each change; from 1.</summary>
    public required long Sequence { get; init; }

    public required DateTimeOffset Issued { get; init; }

    /// <summary>From when on it says nothing any more.</summary>
    public required DateTimeOffset Expires { get; init; }

    /// <summary>The keys its authors sign with now.</summary>
    public required ImmutableArray<PublicKey> Keys { get; init; }

    /// <summary>Which keys have taken the place of which.</summary>
    public required ImmutableArray<SignedRotation> Rotations { get; init; }

    /// <summary>Keys that are not to be trusted any more.</summary>
    public required ImmutableArray<KeyRevocation> Revocations { get; init; }

    internal Freshness Freshness => new(Sequence, Issued, Expires);

    /// <summary>The rotations, if everything is in order.</summary>
    internal Outcome<ImmutableArray<KeyRotation>> Check(RegistryLimits limits)
    {
        if (Freshness.CheckForm(limits) is { } problem) return problem;
        foreach (var (name, count) in new[] { ("keys", Keys.Length), ("rotations", Rotations.Length), ("revocations", Revocations.Length) })
            if (count > limits.MaxKeys) return new Problem(name, $"has {count:N0} entries; at most {limits.MaxKeys:N0} are allowed");
        for (var i = 0; i < Revocations.Length; i++)
            if (KeyRevocation.CheckReason(Revocations[i].Reason) is { } bad) return bad with { Where = $"revocations[{i}].reason", Message = "cannot be shown: " + bad.Message };
        var rotations = ImmutableArray.CreateBuilder<KeyRotation>(Rotations.Length);
        for (var i = 0; i < Rotations.Length; i++)
        {
            if (!Rotations[i].Verify().TryGet(out var rotation, out var problems)) return problems.Select(p => p.Under($"rotations[{i}]")).ToImmutableArray();
            rotations.Add(rotation);
        }
        return rotations.MoveToImmutable();
    }
}
