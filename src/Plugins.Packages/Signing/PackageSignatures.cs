using System.Buffers;
using System.Collections.Immutable;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Plugins.Packages.Signing;

/// <summary>
/// <c>PACKAGE.lzp.dsse.json</c>, the file beside a package: one envelope a line (JSON lines, as in-toto bundles have them), the
/// author's and the registry's. A line can be appended without touching the others.
/// </summary>
public static class PackageSignatures
{
    /// <summary>What a package's file name is given to name its signatures.</summary>
    public const string Extension = ".dsse.json";

    /// <summary>Reads the file from anywhere; nothing is verified yet. An empty file has no envelopes.</summary>
    public static Outcome<ImmutableArray<DsseEnvelope>> Read(ReadOnlySpan<byte> utf8, SigningLimits? limits = null)
    {
        limits ??= SigningLimits.Default;
        if (utf8.Length > limits.MaxSignatureFileBytes) return new Problem("", $"the signatures have {utf8.Length:N0} bytes; at most {limits.MaxSignatureFileBytes:N0} are allowed");
        var envelopes = ImmutableArray.CreateBuilder<DsseEnvelope>();
        for (var number = 1; !utf8.IsEmpty; number++)
        {
            var end = utf8.IndexOf((byte)'\n');
            var line = end < 0 ? utf8 : utf8[..end];
            utf8 = end < 0 ? [] : utf8[(end + 1)..];
            if (envelopes.Count == limits.MaxEnvelopes) return new Problem("", $"there are more than {limits.MaxEnvelopes:N0} lines of signatures");
            if (!DsseEnvelope.Read(line, limits).TryGet(out var envelope, out var problems)) return problems.Select(problem => problem.In($"line {number}")).ToImmutableArray();
            envelopes.Add(envelope);
        }
        return envelopes.ToImmutable();
    }

    /// <summary>The file of some envelopes.</summary>
    public static byte[] Write(IEnumerable<DsseEnvelope> envelopes)
    {
        var buffer = new ArrayBufferWriter<byte>();
        foreach (var envelope in envelopes)
        {
            buffer.Write(envelope.ToUtf8());
            buffer.Write("\n"u8);
        }
        return buffer.WrittenSpan.ToArray();
    }
}
