using System.IO.Compression;
using System.Text;

namespace LazyOC.Plugins.Packages.Tests;

/// <summary>What is packed comes out again, by .NET's reader; Python's and unzip see it in the fuzzer.</summary>
public sealed class DeflaterTests
{
    private static byte[] Unpack(byte[] packed)
    {
        using var source = new PackedStream(packed);
        using var inflate = new DeflateStream(source, CompressionMode.Decompress);
        var content = new List<byte>();
        var buffer = new byte[4_096];
        // Not CopyTo, which reads its source to the end whether it needs to or not.
        while (inflate.Read(buffer) is > 0 and var count) content.AddRange(buffer.AsSpan(0, count));
        Assert.True(source.IsReadExactly);
        return [.. content];
    }

    private static byte[] Text(int lines) => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, lines).Select(i => $"line {i} says {i * 7919 % 1013} and {(i % 3 == 0 ? "then" : "else")} goes on\n")));

    public static TheoryData<string, byte[]> Shapes => new()
    {
        { "nothing", [] },
        { "one byte", [7] },
        { "two bytes", [7, 7] },
        { "three bytes", [7, 7, 7] },
        { "the longest match", [.. Enumerable.Repeat((byte)1, 1 + 258)] },
        { "one byte, often", new byte[100_000] },
        { "every byte", [.. Enumerable.Range(0, 256).Select(i => (byte)i)] },
        { "a match as far as the window", [.. "begin"u8, .. Noise(1, (32 << 10) - 5), .. "begin"u8] },
        { "a match beyond the window", [.. "begin"u8, .. Noise(1, (32 << 10) - 4), .. "begin"u8] },
        { "more than a block", Noise(2, 100_000) },
        { "text", Text(5_000) },
        { "runs of every length", [.. Enumerable.Range(0, 600).SelectMany(i => Enumerable.Repeat((byte)(i % 7), i))] },
        { "rare and frequent bytes", [.. Enumerable.Range(0, 24).SelectMany(i => Enumerable.Repeat((byte)i, 1 << Math.Min(i, 14)).Chunk(2).SelectMany(pair => pair.Append((byte)(200 + i))))] },
    };

    private static byte[] Noise(int seed, int length)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Pack_AnyShape_UnpacksToTheSame(string _, byte[] content) => Assert.True(content.AsSpan().SequenceEqual(Unpack(Deflater.Pack(content))));

    /// <summary>Small alphabets and copied pieces, so that matches of every kind meet.</summary>
    [Fact]
    public void Pack_Seeded_UnpacksToTheSame()
    {
        for (var seed = 0; seed < 400; seed++)
        {
            var random = new Random(seed);
            var content = new List<byte>();
            var letters = 1 + random.Next(random.Next(2) == 0 ? 4 : 256);
            while (content.Count < random.Next(1, 60_000))
            {
                if (content.Count > 3 && random.Next(3) > 0)
                {
                    var (from, length) = (random.Next(content.Count), random.Next(1, 400));
                    for (var i = 0; i < length; i++) content.Add(content[from + i]);
                }
                else
                {
                    for (var i = random.Next(1, 50); i > 0; i--) content.Add((byte)random.Next(letters));
                }
            }
            Assert.True(content.ToArray().AsSpan().SequenceEqual(Unpack(Deflater.Pack(content.ToArray()))), $"seed {seed}");
        }
    }

    [Fact]
    public void Pack_Text_IsAboutAsSmallAsByDotNet()
    {
        var content = Text(20_000);
        using var packed = new MemoryStream();
        using (var deflate = new DeflateStream(packed, CompressionLevel.Optimal, leaveOpen: true)) deflate.Write(content);

        Assert.InRange(Deflater.Pack(content).Length, 1, packed.Length * 11 / 10);
    }

    [Fact]
    public void Code_SkewedCounts_IsCompleteAndWithinTheLimit()
    {
        // Fibonacci numbers make the deepest tree.
        var counts = new int[40];
        for (var (i, a, b) = (0, 1, 1); i < counts.Length; i++, (a, b) = (b, a + b)) counts[i] = a;

        foreach (var limit in new[] { 7, 15 })
        {
            var code = HuffmanCode.Of(counts, limit);
            Assert.InRange(code.Lengths.Max(), 1, limit);
            // Kraft's sum is 1: no bits are left that no symbol has.
            Assert.Equal(1.0, code.Lengths.Sum(length => Math.Pow(2, -length)));
        }
    }
}
