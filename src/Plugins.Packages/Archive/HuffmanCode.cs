using System.Collections.Immutable;

namespace LazyOC.Plugins.Packages;

/// <summary>A prefix code of deflate: how many bits each symbol has, and which. Source: RFC 1951, section 3.2.2.</summary>
internal sealed class HuffmanCode
{
    private HuffmanCode(ImmutableArray<byte> lengths)
    {
        Lengths = lengths;
        Bits = Assign(lengths);
    }

    /// <summary>Bits of each symbol; 0 for one that is not used.</summary>
    public ImmutableArray<byte> Lengths { get; }

    /// <summary>The code of each symbol, its first bit lowest.</summary>
    public ImmutableArray<ushort> Bits { get; }

    public static HuffmanCode Of(ImmutableArray<byte> lengths) => new(lengths);

    /// <summary>The shortest code for how often symbols occur, none longer than a limit.</summary>
    /// <param name="counts">How often each symbol occurs; at least two do.</param>
    /// <param name="limit">Enough for all symbols when they occur equally often.</param>
    public static HuffmanCode Of(ReadOnlySpan<int> counts, int limit)
    {
        var weights = counts.ToArray();
        while (true)
        {
            var lengths = LengthsOf(weights);
            if (lengths.Max() <= limit) return new HuffmanCode(lengths);
            // The rare ones gain until the tree is flat enough.
            for (var i = 0; i < weights.Length; i++) weights[i] = (weights[i] + 1) / 2;
        }
    }

    /// <summary>Bits that all occurrences take.</summary>
    public long SizeOf(ReadOnlySpan<int> counts)
    {
        var bits = 0L;
        for (var i = 0; i < counts.Length; i++) bits += (long)counts[i] * Lengths[i];
        return bits;
    }

    private static ImmutableArray<byte> LengthsOf(int[] weights)
    {
        // Two nodes of one weight come in the order of their numbers: the same tree on every machine.
        var open = new PriorityQueue<int, (long Weight, int Node)>();
        var parents = new List<int>(new int[weights.Length]);
        for (var symbol = 0; symbol < weights.Length; symbol++)
            if (weights[symbol] > 0) open.Enqueue(symbol, (weights[symbol], symbol));
        while (open.TryDequeue(out var left, out var one) && open.TryDequeue(out var right, out var other))
        {
            var node = parents.Count;
            parents.Add(0);
            parents[left] = parents[right] = node;
            open.Enqueue(node, (one.Weight + other.Weight, node));
        }
        var depths = new int[parents.Count];
        for (var node = parents.Count - 2; node >= 0; node--)
            if (node >= weights.Length || weights[node] > 0) depths[node] = depths[parents[node]] + 1;
        return [.. depths.Take(weights.Length).Select(depth => (byte)depth)];
    }

    private static ImmutableArray<ushort> Assign(ImmutableArray<byte> lengths)
    {
        var bits = new ushort[lengths.Length];
        var code = 0;
        for (var length = 1; length <= 15; length++, code <<= 1)
            for (var symbol = 0; symbol < lengths.Length; symbol++)
                if (lengths[symbol] == length) bits[symbol] = Reverse(code++, length);
        return [.. bits];
    }

    private static ushort Reverse(int code, int length)
    {
        var reversed = 0;
        for (var i = 0; i < length; i++, code >>= 1) reversed = (reversed << 1) | (code & 1);
        return (ushort)reversed;
    }
}
