using System.Numerics;

namespace LazyOC.Plugins.Packages;

/// <summary>
/// Packs by deflate (RFC 1951). .NET's own packs as well, but into bytes that differ between its versions and platforms, and
/// a package is known by the digest of its bytes: this one gives the same bytes everywhere. Any change of what it gives is a
/// change of the format, and a test holds it to a known digest.
/// </summary>
internal sealed class Deflater
{
    private const int Window = 32 << 10, MinMatch = 3, MaxMatch = 258;

    /// <summary>Earlier places of the same three bytes that are looked at for one match.</summary>
    private const int MaxChain = 128;

    /// <summary>A match this long is taken without trying whether the next byte begins a longer one.</summary>
    private const int LongEnough = 64;

    /// <summary>Literals and matches that share one code.</summary>
    private const int TokensPerBlock = 1 << 15;

    private const int HashBits = 15, None = -1;
    private const int EndOfBlock = 256, Literals = 286, Distances = 30;

    private static readonly HuffmanCode FixedLiterals = HuffmanCode.Of([.. Enumerable.Range(0, 288).Select(symbol => (byte)(symbol < 144 ? 8 : symbol < 256 ? 9 : symbol < 280 ? 7 : 8))]);

    private static readonly HuffmanCode FixedDistances = HuffmanCode.Of([.. Enumerable.Repeat((byte)5, Distances)]);

    private readonly BitWriter _output = new();
    private readonly int[] _latest = new int[1 << HashBits];
    private readonly int[] _earlier = new int[Window];

    /// <summary>Each a literal, or a match: its length from bit 16 and its distance below.</summary>
    private readonly List<int> _tokens = new(TokensPerBlock);

    private Deflater() => Array.Fill(_latest, None);

    public static byte[] Pack(ReadOnlySpan<byte> content)
    {
        var deflater = new Deflater();
        deflater.Run(content);
        return deflater._output.ToArray();
    }

    private void Run(ReadOnlySpan<byte> content)
    {
        var pending = (Length: 0, Distance: 0);
        var at = 0;
        while (at < content.Length)
        {
            var match = pending.Length > 0 ? pending : FindAndRemember(content, at);
            pending = default;
            var end = at + 1;
            if (match.Length >= MinMatch)
            {
                // A longer match at the next byte is worth a literal.
                if (match.Length < LongEnough && end < content.Length) pending = FindAndRemember(content, end);
                if (pending.Length > match.Length)
                {
                    Add(content[at++], content.Length - at);
                    continue;
                }
                var known = match.Length < LongEnough && end < content.Length ? end + 1 : end;
                pending = default;
                end = at + match.Length;
                for (var inside = known; inside < end; inside++) Remember(content, inside);
                Add((match.Length << 16) | match.Distance, content.Length - end);
            }
            else
            {
                Add(content[at], content.Length - end);
            }
            at = end;
        }
        if (content.IsEmpty) WriteBlock(isLast: true);
    }

    private void Add(int token, int bytesLeft)
    {
        _tokens.Add(token);
        if (bytesLeft == 0 || _tokens.Count == TokensPerBlock) WriteBlock(isLast: bytesLeft == 0);
    }

    /// <summary>The longest match that begins at a place, the nearest of equals; its length is 0 when there is none.</summary>
    private (int Length, int Distance) FindAndRemember(ReadOnlySpan<byte> content, int at)
    {
        var candidate = Remember(content, at);
        var longest = Math.Min(MaxMatch, content.Length - at);
        var (length, distance) = (MinMatch - 1, 0);
        for (var tries = MaxChain; candidate >= 0 && at - candidate <= Window && tries > 0 && length < longest; tries--)
        {
            if (content[candidate + length] == content[at + length])
            {
                var common = content.Slice(candidate, longest).CommonPrefixLength(content.Slice(at, longest));
                if (common > length) (length, distance) = (common, at - candidate);
            }
            var before = _earlier[candidate % Window];
            // What was written over belongs to a later place.
            candidate = before < candidate ? before : None;
        }
        return distance == 0 ? default : (length, distance);
    }

    /// <summary>Notes a place, and gives the latest one before it that may have the same three bytes.</summary>
    private int Remember(ReadOnlySpan<byte> content, int at)
    {
        if (at + MinMatch > content.Length) return None;
        var hash = (int)(((uint)(content[at] | (content[at + 1] << 8) | (content[at + 2] << 16)) * 2_654_435_761u) >> (32 - HashBits));
        var before = _latest[hash];
        _earlier[at % Window] = before;
        _latest[hash] = at;
        return before;
    }

    private void WriteBlock(bool isLast)
    {
        Span<int> literals = stackalloc int[Literals], distances = stackalloc int[Distances];
        literals.Clear();
        distances.Clear();
        literals[EndOfBlock] = 1;
        var extra = 0L;
        foreach (var token in _tokens)
        {
            if (token < 1 << 16)
            {
                literals[token]++;
                continue;
            }
            var (length, distance) = (LengthSymbol(token >> 16), DistanceSymbol(token & 0xffff));
            literals[length.Symbol]++;
            distances[distance.Symbol]++;
            extra += length.ExtraBits + distance.ExtraBits;
        }
        var fixedSize = FixedLiterals.SizeOf(literals) + FixedDistances.SizeOf(distances);
        // A code needs two symbols to be complete, as some readers want it.
        for (var i = 0; i < 2; i++)
        {
            literals[i] = Math.Max(literals[i], 1);
            distances[i] = Math.Max(distances[i], 1);
        }
        var (own, ownDistances) = (HuffmanCode.Of(literals, 15), HuffmanCode.Of(distances, 15));
        var header = new CodeHeader(own.Lengths, ownDistances.Lengths);
        _output.Write(isLast ? 1 : 0, 1);
        if (fixedSize <= own.SizeOf(literals) + ownDistances.SizeOf(distances) + header.Size)
        {
            _output.Write(1, 2);
            WriteTokens(FixedLiterals, FixedDistances);
        }
        else
        {
            _output.Write(2, 2);
            header.Write(_output);
            WriteTokens(own, ownDistances);
        }
        _tokens.Clear();
    }

    private void WriteTokens(HuffmanCode literals, HuffmanCode distances)
    {
        foreach (var token in _tokens)
        {
            if (token < 1 << 16)
            {
                _output.Write(literals.Bits[token], literals.Lengths[token]);
                continue;
            }
            var (length, distance) = (LengthSymbol(token >> 16), DistanceSymbol(token & 0xffff));
            _output.Write(literals.Bits[length.Symbol], literals.Lengths[length.Symbol]);
            _output.Write(length.Extra, length.ExtraBits);
            _output.Write(distances.Bits[distance.Symbol], distances.Lengths[distance.Symbol]);
            _output.Write(distance.Extra, distance.ExtraBits);
        }
        _output.Write(literals.Bits[EndOfBlock], literals.Lengths[EndOfBlock]);
    }

    /// <summary>RFC 1951, section 3.2.5: from 11 on, four symbols for each power of two.</summary>
    private static (int Symbol, int Extra, int ExtraBits) LengthSymbol(int length)
    {
        if (length == MaxMatch) return (285, 0, 0);
        var offset = length - MinMatch;
        if (offset < 8) return (257 + offset, 0, 0);
        var power = BitOperations.Log2((uint)offset);
        var bits = power - 2;
        return (257 + (4 * (power - 1)) + ((offset >> bits) & 3), offset & ((1 << bits) - 1), bits);
    }

    /// <summary>RFC 1951, section 3.2.5: from 5 on, two symbols for each power of two.</summary>
    private static (int Symbol, int Extra, int ExtraBits) DistanceSymbol(int distance)
    {
        var offset = distance - 1;
        if (offset < 4) return (offset, 0, 0);
        var power = BitOperations.Log2((uint)offset);
        var bits = power - 1;
        return ((2 * power) + ((offset >> bits) & 1), offset & ((1 << bits) - 1), bits);
    }
}
