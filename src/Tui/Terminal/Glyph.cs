using System.Collections.Concurrent;
using System.Text;

namespace LazyOC.Tui.Terminal;

/// <summary>
/// What stands in a cell, as a number: a code point, or the place of a character with marks in a table shared by the
/// process. Equal glyphs are equal graphemes. Thread-safe.
/// </summary>
/// <param name="Code">0 is the right half of a wide character; from <see cref="FirstCluster"/> on, a place in the table.</param>
internal readonly record struct Glyph(uint Code)
{
    private const uint FirstCluster = 0x110000;

    /// <summary>Different characters with marks that are kept; further ones lose their marks, so text cannot fill the memory.</summary>
    private const int MaxClusters = 32_768;

    private static readonly string[] Cache = [.. Enumerable.Range(0, 0x3000).Select(c => char.IsSurrogate((char)c) ? "" : ((char)c).ToString())];
    private static readonly Lock Gate = new();
    private static readonly ConcurrentDictionary<string, uint> Codes = new(StringComparer.Ordinal);
    private static readonly ConcurrentDictionary<string, uint>.AlternateLookup<ReadOnlySpan<char>> CodesBySpan = Codes.GetAlternateLookup<ReadOnlySpan<char>>();
    private static readonly List<(string Text, byte[] Utf8)> Clusters = [];

    public static Glyph Continuation => default;

    public static Glyph Space => new(' ');

    /// <summary>A code point, or a base with marks.</summary>
    public bool IsCluster => Code >= FirstCluster;

    public static Glyph Of(Rune rune) => new((uint)rune.Value);

    /// <summary>A base character with its marks, as UTF-16.</summary>
    public static Glyph OfCluster(ReadOnlySpan<char> text)
    {
        if (CodesBySpan.TryGetValue(text, out var code))
            return new Glyph(code);
        Rune.DecodeFromUtf16(text, out var basis, out _);
        lock (Gate)
        {
            if (Clusters.Count >= MaxClusters)
                return Of(basis);
            var cluster = text.ToString();
            code = Codes.GetOrAdd(cluster, FirstCluster + (uint)Clusters.Count);
            if (code == FirstCluster + Clusters.Count)
                Clusters.Add((cluster, Encoding.UTF8.GetBytes(cluster)));
            return new Glyph(code);
        }
    }

    /// <summary>Writes UTF-8; the bytes written.</summary>
    public int Encode(Span<byte> utf8)
    {
        if (Code < 0x80)
        {
            utf8[0] = (byte)Code;
            return Code == 0 ? 0 : 1;
        }
        if (!IsCluster)
            return new Rune(Code).EncodeToUtf8(utf8);
        var bytes = Cluster.Utf8;
        bytes.CopyTo(utf8);
        return bytes.Length;
    }

    /// <summary>Bytes that <see cref="Encode"/> writes at most: a base and two marks.</summary>
    public const int MaxUtf8 = 16;

    public override string ToString() => Code switch
    {
        0 => "",
        _ when IsCluster => Cluster.Text,
        _ when Code < Cache.Length => Cache[Code],
        _ => new Rune(Code).ToString(),
    };

    private (string Text, byte[] Utf8) Cluster
    {
        get
        {
            lock (Gate)
                return Clusters[(int)(Code - FirstCluster)];
        }
    }
}
