using System.Runtime.Intrinsics;
using static LazyOC.Wasm.Tests.Binary.ModuleBytes;

namespace LazyOC.Wasm.Tests.Compilation;

/// <summary>Shuffles become different instructions depending on their lanes; each must move the same bytes.</summary>
public sealed class ShuffleTests
{
    private const int Bytes = 16;

    private static readonly Vector128<byte> Left = Vector128.CreateSequence<byte>(100, 1);
    private static readonly Vector128<byte> Right = Vector128.CreateSequence<byte>(200, 1);

    [Fact]
    public void Shuffle_OfLanesThatAnInstructionIsFor_TakesThoseLanes()
    {
        // Whole lanes of every width, in turns from both and from either half: what interleaves is among them.
        foreach (var size in (int[])[1, 2, 4, 8])
        {
            foreach (var first in (int[])[0, 8, 16, 24])
            {
                AssertShuffled(i => ((first / Bytes) + (i / size)) % 2 * Bytes + ((first + (i / size / 2 * size) + (i % size)) % Bytes));
                AssertShuffled(i => (first / Bytes * Bytes) + ((first + (Bytes - size) - (i / size * size) + (i % size)) % Bytes));
            }
        }
    }

    [Fact]
    public void Shuffle_OfConsecutiveLanes_TakesThem()
    {
        for (var first = 0; first < 2 * Bytes; first++)
        {
            AssertShuffled(i => (first + i) % (2 * Bytes));
            AssertShuffled(i => (first + i) % Bytes);
        }
    }

    [Fact]
    public void Shuffle_OfAnyLanes_TakesThem()
    {
#pragma warning disable CA5394 // Reproducible, not secret.
        var random = new Random(1);
        for (var count = 0; count < 50; count++)
        {
            AssertShuffled(_ => random.Next(2 * Bytes));
            AssertShuffled(_ => random.Next(Bytes));
            AssertShuffled(_ => random.Next(Bytes) + Bytes);
        }
#pragma warning restore CA5394
    }

    [Fact]
    public void Swizzle_ByConstantIndices_GivesZeroForThoseThatDoNotExist()
    {
        byte[] indices = [15, 16, 0, 255, 1, 128, 2, 112, 3, 32, 4, 17, 5, 31, 6, 240];
        // local.get 0, v128.const, i8x16.swizzle
        var swizzle = Compile([0x20, 0, 0xFD, 0x0C, .. indices, 0xFD, 0x0E]);

        Assert.Equal(Model(lane => indices[lane], 0), swizzle(Left, Right));
    }

    private static void AssertShuffled(Func<int, int> laneAt)
    {
        byte[] lanes = [.. Enumerable.Range(0, Bytes).Select(i => (byte)laneAt(i))];
        Assert.All(lanes, lane => Assert.InRange(lane, 0, (2 * Bytes) - 1));
        // local.get 0, local.get 1, i8x16.shuffle; then the same of one vector and itself.
        var two = Compile([0x20, 0, 0x20, 1, 0xFD, 0x0D, .. lanes]);
        var one = Compile([0x20, 1, 0x20, 1, 0xFD, 0x0D, .. lanes]);

        Assert.Equal(Model(i => lanes[i], 2), two(Left, Right));
        Assert.Equal(Model(i => (lanes[i] % Bytes) + Bytes, 2), one(Left, Right));
    }

    /// <summary>Lanes of <see cref="Left"/>, then, if there are two vectors, of <see cref="Right"/>.</summary>
    private static Vector128<byte> Model(Func<int, int> laneAt, int vectors)
    {
        var result = new byte[Bytes];
        for (var i = 0; i < Bytes; i++)
        {
            var lane = laneAt(i);
            result[i] = lane < Bytes ? Left[lane] : vectors == 2 ? Right[lane - Bytes] : (byte)0;
        }
        return Vector128.Create(result);
    }

    private static Func<Vector128<byte>, Vector128<byte>, Vector128<byte>> Compile(byte[] code)
    {
        var module = new Binary.ModuleBytes()
            .Section(1, 1, 0x60, 2, 0x7B, 0x7B, 1, 0x7B)
            .Section(3, 1, 0)
            .Section(7, [1, .. Name("f"), 0, 0])
            .Section(10, [1, .. Sized([0, .. code, 0x0B])])
            .ToArray();
        return WasmModule.Load(module).Instantiate(new WasmLinker()).GetFunction<Func<Vector128<byte>, Vector128<byte>, Vector128<byte>>>("f");
    }
}
