using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Versions;
using LazyOC.Plugins.Packages.Signing;

namespace LazyOC.Marketplace.Protocol;

/// <summary>
/// <c>/v1/index/PUBLISHER/NAME</c>: the versions of one plugin, as JSON lines. The first line is an envelope with the
/// header, which has the digest of all bytes after it; then comes a line a version, the lowest version first.
/// </summary>
/// <remarks>Immutable and thread safe. There is no way to one that is not verified.</remarks>
public sealed class IndexFile
{
    public const string PayloadType = "application/vnd.lazyoc.index+json";

    private IndexFile(IndexHeader header, ImmutableArray<IndexLine> lines) => (Header, Lines) = (header, lines);

    public IndexHeader Header { get; }

    /// <summary>In order of precedence; no two are the same version.</summary>
    public ImmutableArray<IndexLine> Lines { get; }

    /// <summary>Reads an index from anywhere, and refuses it unless the registry's keys have signed just this, for this plugin, and lately.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="id">The plugin that was asked for.</param>
    /// <param name="roots">The registry's keys, from where they were trusted, not from <see cref="RegistryConfig"/>.</param>
    /// <param name="now">The time.</param>
    /// <param name="lastSeen">The sequence number of the index that was accepted before; 0 when none was.</param>
    /// <param name="limits"><see cref="RegistryLimits.Default"/> when null.</param>
    public static Outcome<IndexFile> Read(ReadOnlySpan<byte> bytes, PluginId id, KeySet roots, DateTimeOffset now, long lastSeen = 0, RegistryLimits? limits = null)
    {
        limits ??= RegistryLimits.Default;
        if (!ReadHeader(bytes, id, roots, limits, out var rest).TryGet(out var header, out var problems)) return problems;
        if (header.Freshness.Check(now, lastSeen, limits) is { } problem) return problem.In(NameOf(id));
        return ReadLines(rest, header, limits);
    }

    /// <summary>Reads an index of one's own, or one that was believed before, which may have expired, to make the next one of it.</summary>
    public static Outcome<IndexFile> ReadOfAnyAge(ReadOnlySpan<byte> bytes, PluginId id, KeySet roots, RegistryLimits? limits = null)
    {
        limits ??= RegistryLimits.Default;
        return ReadHeader(bytes, id, roots, limits, out var rest).TryGet(out var header, out var problems) ? ReadLines(rest, header, limits) : problems;
    }

    /// <summary>Makes the file.</summary>
    /// <param name="id">The plugin.</param>
    /// <param name="sequence">One more than that of the index before.</param>
    /// <param name="issued">The time.</param>
    /// <param name="expires">Until when it may be believed.</param>
    /// <param name="versions">In any order.</param>
    /// <param name="keys">The registry's keys.</param>
    public static byte[] Write(PluginId id, long sequence, DateTimeOffset issued, DateTimeOffset expires, IEnumerable<IndexLine> versions, params ReadOnlySpan<SigningKey> keys)
    {
        var lines = new ArrayBufferWriter<byte>();
        var count = 0;
        foreach (var line in versions.OrderBy(line => line.Version))
        {
            lines.Write(line.ToUtf8());
            lines.Write("\n"u8);
            count++;
        }
        var header = new IndexHeader { Id = id, Sequence = sequence, Issued = issued, Expires = expires, Lines = count, Digest = Digest.Of(lines.WrittenSpan) };
        var envelope = DsseEnvelope.Sign(PayloadType, JsonSerializer.SerializeToUtf8Bytes(header, RegistryJson.Default.IndexHeader), keys);
        return [.. envelope.ToUtf8(), (byte)'\n', .. lines.WrittenSpan];
    }

    private static Outcome<IndexHeader> ReadHeader(ReadOnlySpan<byte> bytes, PluginId id, KeySet roots, RegistryLimits limits, out ReadOnlySpan<byte> rest)
    {
        rest = [];
        var name = NameOf(id);
        if (bytes.Length > limits.MaxIndexBytes) return new Problem(name, $"has {bytes.Length:N0} bytes; at most {limits.MaxIndexBytes:N0} are allowed");
        var end = bytes.IndexOf((byte)'\n');
        if (end < 0) return new Problem(name, "is not an index: it has no line that ends");
        rest = bytes[(end + 1)..];
        if (!DsseEnvelope.Read(bytes[..end]).TryGet(out var envelope, out var problems)) return In(name, problems);
        if (!envelope.Verify(PayloadType, roots).TryGet(out var payload, out problems)) return In(name, problems);
        if (!RegistryDocument.Read(payload.Bytes.Span, RegistryJson.Default.IndexHeader, limits.MaxIndexLineBytes).TryGet(out var header, out problems)) return In(name, problems);
        if (header.Id != id) return new Problem(name, $"is the index of {header.Id}", "tell those who run the registry: one plugin's index is shown for another's");
        if (header.Freshness.CheckForm(limits) is { } problem) return problem.In(name);
        if (Digest.Of(rest) != header.Digest) return new Problem(name, "was changed after it was signed: its lines are not those that the header is for", "try again; if it stays so, tell those who run the registry");
        return header;
    }

    private static Outcome<IndexFile> ReadLines(ReadOnlySpan<byte> rest, IndexHeader header, RegistryLimits limits)
    {
        var name = NameOf(header.Id);
        if (header.Lines > limits.MaxVersions) return new Problem(name, $"has {header.Lines:N0} versions; at most {limits.MaxVersions:N0} are allowed");
        var lines = ImmutableArray.CreateBuilder<IndexLine>();
        while (!rest.IsEmpty)
        {
            var where = $"{name}: line {lines.Count + 2}";
            var end = rest.IndexOf((byte)'\n');
            if (end < 0) return new Problem(where, "does not end");
            if (lines.Count == header.Lines) return new Problem(where, $"is one more than the {header.Lines:N0} that the header counts");
            if (!RegistryDocument.Read(rest[..end], RegistryJson.Default.IndexLine, limits.MaxIndexLineBytes).TryGet(out var line, out var problems)) return In(where, problems);
            if ((line.Check(limits) ?? CheckOrder(lines.Count == 0 ? null : lines[^1].Version, line.Version)) is { } problem) return problem.In(where);
            lines.Add(line);
            rest = rest[(end + 1)..];
        }
        if (lines.Count != header.Lines) return new Problem(name, $"has {lines.Count:N0} versions; the header counts {header.Lines:N0}");
        return new IndexFile(header, lines.ToImmutable());
    }

    private static Problem? CheckOrder(SemanticVersion? before, SemanticVersion version)
    {
        if (before is null || before.CompareTo(version) < 0) return null;
        return new Problem("version", before == version ? $"{version} is there twice (build metadata does not tell versions apart)" : $"{version} comes after {before}; the lowest version is first");
    }

    private static string NameOf(PluginId id) => $"index of {id}";

    private static ImmutableArray<Problem> In(string name, ImmutableArray<Problem> problems) => [.. problems.Select(problem => problem.In(name))];
}

/// <summary>What is signed of an index.</summary>
public sealed record IndexHeader
{
    public required PluginId Id { get; init; }

    /// <summary>Counts up with each change; from 1.</summary>
    public required long Sequence { get; init; }

    public required DateTimeOffset Issued { get; init; }

    /// <summary>From when on it says nothing any more.</summary>
    public required DateTimeOffset Expires { get; init; }

    /// <summary>How many versions follow.</summary>
    public required int Lines { get; init; }

    /// <summary>Of all bytes after the first line break.</summary>
    public required Digest Digest { get; init; }

    internal Freshness Freshness => new(Sequence, Issued, Expires);
}
