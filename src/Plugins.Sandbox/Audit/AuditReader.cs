using System.Buffers;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Plugins.Sandbox.Audit;

/// <summary>Which lines to read; absent narrows nothing.</summary>
public sealed record AuditFilter
{
    public PluginId? Plugin { get; init; }

    /// <summary>Name of a call or transition.</summary>
    public string? Call { get; init; }

    public AuditDecision? Decision { get; init; }

    /// <summary>Not older than this.</summary>
    public DateTimeOffset? Since { get; init; }

    internal bool Accepts(AuditEntry entry) =>
        (Plugin is null || entry.Plugin == Plugin) && (Call is null || entry.Call == Call)
        && (Decision is null || entry.Decision == Decision) && (Since is null || entry.Time >= Since);
}

/// <summary>What checking one chain found.</summary>
/// <param name="Chain">The chain's name.</param>
/// <param name="Lines">Lines that hold, from the first.</param>
/// <param name="Broken">The first line that does not; null when all do.</param>
/// <param name="IsTorn">The chain ends within a line: its process was stopped while writing it.</param>
public sealed record AuditVerdict(string Chain, long Lines, BrokenLine? Broken, bool IsTorn)
{
    /// <summary>Lines that a seal vouches for, from the first; those after them could have been changed by who can write the file.</summary>
    public long Sealed { get; init; }

    /// <summary>Whether the chain ends with the seal of its end: without it, its process still runs, was killed, or lines were cut off.</summary>
    public bool IsClosed { get; init; }
}

/// <summary>A line that was changed, moved, added or whose predecessor is gone.</summary>
/// <param name="File">Its file.</param>
/// <param name="Line">Its number in the file, from 1.</param>
/// <param name="Reason">What is wrong with it.</param>
public sealed record BrokenLine(string File, long Line, string Reason);

/// <summary>Reads and checks audit files. A reader, not a judge of who wrote them: see <see cref="AuditLog"/>'s remarks.</summary>
public static class AuditReader
{
    private static readonly SearchValues<byte> HexDigits = SearchValues.Create("0123456789abcdef"u8);

    /// <summary>The lines that a filter accepts, chain by chain in the order they were written; lines that are not JSON are left out.</summary>
    public static IEnumerable<AuditEntry> Read(IAuditFiles files, AuditFilter filter, AuditLimits limits)
    {
        foreach (var (chain, names) in Chains(files))
        {
            foreach (var line in names.SelectMany(name => Lines(files, name, limits)))
            {
                if (line.Bytes is { } bytes && Parse(bytes) is { } entry && filter.Accepts(entry))
                    yield return entry with { Chain = chain };
            }
        }
    }

    /// <summary>Checks every chain, line by line.</summary>
    /// <param name="files">Where they are.</param>
    /// <param name="limits">Bounds of a line.</param>
    /// <param name="sealKey">The key of their seals; without it seals are not checked, and count for nothing.</param>
    public static ImmutableArray<AuditVerdict> Verify(IAuditFiles files, AuditLimits limits, ReadOnlyMemory<byte> sealKey = default) =>
        [.. Chains(files).Select(chain => Verify(files, chain.Chain, chain.Files, limits, sealKey.Span))];

    private static AuditVerdict Verify(IAuditFiles files, string chain, ImmutableArray<string> names, AuditLimits limits, ReadOnlySpan<byte> sealKey)
    {
        var previous = AuditChain.Genesis(chain);
        long lines = 0, vouched = 0;
        var isClosed = false;
        foreach (var name in names)
        {
            foreach (var line in Lines(files, name, limits))
            {
                if (!line.IsComplete && name == names[^1]) return new AuditVerdict(chain, lines, null, IsTorn: true) { Sealed = vouched };
                var fault = isClosed ? "it comes after the end of its chain" : Fault(line, previous, lines + 1) ?? FaultOfSeal(line, chain, previous, sealKey);
                if (fault is not null)
                    return new AuditVerdict(chain, lines, new BrokenLine(name, line.Number, fault), IsTorn: false) { Sealed = vouched };
                if (!sealKey.IsEmpty && SealIn(line) is { } seal)
                {
                    vouched = lines + 1;
                    isClosed = seal.Target == AuditChain.Closed;
                }
                previous = Encoding.ASCII.GetString(line.Bytes.AsSpan()[^66..^2]);
                lines++;
            }
        }
        return new AuditVerdict(chain, lines, null, IsTorn: false) { Sealed = vouched, IsClosed = isClosed };
    }

    private static string? Fault(Line line, string previous, long sequence)
    {
        if (line.Bytes is not { } bytes) return "it is longer than a line may be";
        if (!line.IsComplete) return "it is cut off";
        if (bytes.Length <= AuditChain.SealLength || !bytes.AsSpan()[^AuditChain.SealLength..].StartsWith(",\"hash\":\""u8)
            || bytes.AsSpan()[^66..^2].ContainsAnyExcept(HexDigits) || Parse(bytes) is not { } entry)
            return "it is not an audit line";
        if (AuditChain.Hash(bytes.AsSpan()[..^AuditChain.SealLength]) != entry.Hash) return "its hash does not match its content";
        if (entry.Previous != previous) return "it does not follow the line before it";
        return entry.Sequence == sequence ? null : $"its number is {entry.Sequence}, not {sequence}";
    }

    private static string? FaultOfSeal(Line line, string chain, string previous, ReadOnlySpan<byte> sealKey)
    {
        if (sealKey.IsEmpty || SealIn(line) is not { } seal) return null;
        var expected = Encoding.ASCII.GetBytes(AuditChain.SealOf(sealKey, chain, previous));
        return CryptographicOperations.FixedTimeEquals(expected, Encoding.UTF8.GetBytes(seal.Reason ?? "")) ? null : "its seal was not made with this home's key: the lines before it may have been made anew";
    }

    private static AuditEntry? SealIn(Line line) => Parse(line.Bytes!) is { Call: AuditChain.SealCall } entry && entry.Plugin == AuditEvent.Host ? entry : null;

    private static AuditEntry? Parse(byte[] line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, AuditJson.Default.AuditEntry);
        }
        catch (JsonException)
        {
            return null; // not a line of ours; Verify says so
        }
    }

    private static IEnumerable<(string Chain, ImmutableArray<string> Files)> Chains(IAuditFiles files) =>
        files.Names().GroupBy(name => name.Split('.')[0], StringComparer.Ordinal).Select(chain => (chain.Key, chain.ToImmutableArray()));

    private static IEnumerable<Line> Lines(IAuditFiles files, string name, AuditLimits limits)
    {
        using var file = new BufferedStream(files.OpenRead(name));
        var bytes = new ArrayBufferWriter<byte>();
        long number = 0, length = 0;
        for (var next = file.ReadByte(); next >= 0; next = file.ReadByte())
        {
            if (next != '\n')
            {
                if (++length <= limits.LineBytes) bytes.Write([(byte)next]);
                continue;
            }
            yield return new Line(++number, length <= limits.LineBytes ? bytes.WrittenSpan.ToArray() : null, IsComplete: true);
            bytes.ResetWrittenCount();
            length = 0;
        }
        if (length > 0) yield return new Line(++number, length <= limits.LineBytes ? bytes.WrittenSpan.ToArray() : null, IsComplete: false);
    }

    private readonly record struct Line(long Number, byte[]? Bytes, bool IsComplete);
}
