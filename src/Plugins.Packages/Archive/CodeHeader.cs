using System.Collections.Immutable;

namespace LazyOC.Plugins.Packages;

/// <summary>The lengths of two codes, packed by a third: RFC 1951, section 3.2.7.</summary>
internal sealed class CodeHeader
{
    private const int CodeLengths = 19;

    private static readonly ImmutableArray<byte> OrderOfCodeLengths = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

    private readonly List<(int Symbol, int Extra, int ExtraBits)> _runs = [];
    private readonly HuffmanCode _code;
    private readonly int _literals, _distances, _codeLengths;

    public CodeHeader(ImmutableArray<byte> literals, ImmutableArray<byte> distances)
    {
        (_literals, _distances) = (Used(literals, 257), Used(distances, 1));
        byte[] lengths = [.. literals.AsSpan(0, _literals), .. distances.AsSpan(0, _distances)];
        for (var at = 0; at < lengths.Length;)
        {
            var run = 1;
            while (at + run < lengths.Length && lengths[at + run] == lengths[at]) run++;
            AddRun(lengths[at], run);
            at += run;
        }
        Span<int> counts = stackalloc int[CodeLengths];
        counts.Clear();
        foreach (var (symbol, _, _) in _runs) counts[symbol]++;
        counts[0] = Math.Max(counts[0], 1);
        counts[1] = Math.Max(counts[1], 1);
        _code = HuffmanCode.Of(counts, 7);
        _codeLengths = CodeLengths;
        while (_code.Lengths[OrderOfCodeLengths[_codeLengths - 1]] == 0) _codeLengths--;
    }

    /// <summary>In bits.</summary>
    public long Size => 14 + (3 * _codeLengths) + _runs.Sum(run => _code.Lengths[run.Symbol] + run.ExtraBits);

    public void Write(BitWriter output)
    {
        output.Write(_literals - 257, 5);
        output.Write(_distances - 1, 5);
        output.Write(_codeLengths - 4, 4);
        for (var i = 0; i < _codeLengths; i++) output.Write(_code.Lengths[OrderOfCodeLengths[i]], 3);
        foreach (var (symbol, extra, extraBits) in _runs)
        {
            output.Write(_code.Bits[symbol], _code.Lengths[symbol]);
            output.Write(extra, extraBits);
        }
    }

    private static int Used(ImmutableArray<byte> lengths, int least)
    {
        var used = lengths.Length;
        while (used > least && lengths[used - 1] == 0) used--;
        return used;
    }

    private void AddRun(byte length, int run)
    {
        const int repeat = 16, zeros = 17, manyZeros = 18;
        if (length > 0)
        {
            _runs.Add((length, 0, 0));
            run--;
        }
        while (run > 0)
        {
            var (symbol, least, most, bits) = length > 0 ? (repeat, 3, 6, 2) : run > 10 ? (manyZeros, 11, 138, 7) : (zeros, 3, 10, 3);
            if (run < least)
            {
                _runs.Add((length, 0, 0));
                run--;
                continue;
            }
            var taken = Math.Min(run, most);
            _runs.Add((symbol, taken - least, bits));
            run -= taken;
        }
    }
}
