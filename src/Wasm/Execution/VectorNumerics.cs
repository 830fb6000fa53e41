using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LazyOC.Wasm.Execution;

/// <summary>Vector instructions that <see cref="Vector128"/> has no equal of, each under its own name. Called by generated code.</summary>
/// <remarks>
/// Whether the processor has an instruction is a constant to the compiler, so that of each method one way is left. The
/// portable one is right everywhere. Source: WebAssembly 2.0, §4.3.
/// </remarks>
internal static partial class VectorNumerics
{
    /// <summary>Indices beyond the last lane give 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> I8x16Swizzle(Vector128<byte> vector, Vector128<byte> indices)
    {
        // The instruction gives 0 for indices whose highest bit is set, and looks at the lowest four otherwise.
        const byte raisesHighestBit = 0x70;
        return Ssse3.IsSupported
            ? Ssse3.Shuffle(vector, Vector128.AddSaturate(indices, Vector128.Create(raisesHighestBit)))
            : Vector128.Shuffle(vector, indices);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> I8x16Popcnt(Vector128<byte> vector)
    {
        var counts = Vector128.Create(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4).AsByte();
        var low = vector & Vector128.Create<byte>(0x0F);
        var high = vector >>> 4;
        return Vector128.ShuffleNative(counts, low) + Vector128.ShuffleNative(counts, high);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> I8x16AvgrU(Vector128<byte> left, Vector128<byte> right) => Sse2.IsSupported
        ? Sse2.Average(left, right)
        : (left | right) - ((left ^ right) >>> 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ushort> I16x8AvgrU(Vector128<ushort> left, Vector128<ushort> right) => Sse2.IsSupported
        ? Sse2.Average(left, right)
        : (left | right) - ((left ^ right) >>> 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> I16x8Q15mulrSatS(Vector128<short> left, Vector128<short> right)
    {
        if (Ssse3.IsSupported)
        {
            // Only the least number by itself does not fit; it comes out as the least number and becomes the greatest.
            var product = Ssse3.MultiplyHighRoundScale(left, right);
            return product ^ Vector128.Equals(product, Vector128.Create(short.MinValue));
        }
        return Vector128.NarrowWithSaturation(
            Q15(Vector128.WidenLower(left), Vector128.WidenLower(right)), Q15(Vector128.WidenUpper(left), Vector128.WidenUpper(right)));

        static Vector128<int> Q15(Vector128<int> left, Vector128<int> right) =>
            ((left * right) + Vector128.Create(0x4000)) >> 15;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> I32x4DotI16x8S(Vector128<short> left, Vector128<short> right)
    {
        if (Sse2.IsSupported)
            return Sse2.MultiplyAddAdjacent(left, right);
        var even = Even(left) * Even(right);
        var odd = (left.AsInt32() >> 16) * (right.AsInt32() >> 16);
        return even + odd;

        static Vector128<int> Even(Vector128<short> vector) => (vector.AsInt32() << 16) >> 16;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> I16x8ExtaddPairwiseI8x16S(Vector128<short> pairs) =>
        ((pairs << 8) >> 8) + (pairs >> 8);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ushort> I16x8ExtaddPairwiseI8x16U(Vector128<ushort> pairs) =>
        (pairs & Vector128.Create<ushort>(0xFF)) + (pairs >>> 8);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> I32x4ExtaddPairwiseI16x8S(Vector128<int> pairs) =>
        ((pairs << 16) >> 16) + (pairs >> 16);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> I32x4ExtaddPairwiseI16x8U(Vector128<uint> pairs) =>
        (pairs & Vector128.Create(0xFFFFu)) + (pairs >>> 16);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> I8x16NarrowI16x8U(Vector128<short> low, Vector128<short> high) => Sse2.IsSupported
        ? Sse2.PackUnsignedSaturate(low, high)
        : Vector128.NarrowWithSaturation(Vector128.Max(low, Vector128<short>.Zero).AsUInt16(), Vector128.Max(high, Vector128<short>.Zero).AsUInt16());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ushort> I16x8NarrowI32x4U(Vector128<int> low, Vector128<int> high) => Sse41.IsSupported
        ? Sse41.PackUnsignedSaturate(low, high)
        : Vector128.NarrowWithSaturation(Vector128.Max(low, Vector128<int>.Zero).AsUInt32(), Vector128.Max(high, Vector128<int>.Zero).AsUInt32());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> I16x8ExtmulLowI8x16S(Vector128<sbyte> left, Vector128<sbyte> right) =>
        Vector128.WidenLower(left) * Vector128.WidenLower(right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> I16x8ExtmulHighI8x16S(Vector128<sbyte> left, Vector128<sbyte> right) =>
        Vector128.WidenUpper(left) * Vector128.WidenUpper(right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ushort> I16x8ExtmulLowI8x16U(Vector128<byte> left, Vector128<byte> right) =>
        Vector128.WidenLower(left) * Vector128.WidenLower(right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ushort> I16x8ExtmulHighI8x16U(Vector128<byte> left, Vector128<byte> right) =>
        Vector128.WidenUpper(left) * Vector128.WidenUpper(right);

    // Multiplying the halves of 16 bits and putting them together is faster than multiplying 32 bits.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> I32x4ExtmulLowI16x8S(Vector128<short> left, Vector128<short> right) => Sse2.IsSupported
        ? Sse2.UnpackLow(left * right, Sse2.MultiplyHigh(left, right)).AsInt32()
        : Vector128.WidenLower(left) * Vector128.WidenLower(right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> I32x4ExtmulHighI16x8S(Vector128<short> left, Vector128<short> right) => Sse2.IsSupported
        ? Sse2.UnpackHigh(left * right, Sse2.MultiplyHigh(left, right)).AsInt32()
        : Vector128.WidenUpper(left) * Vector128.WidenUpper(right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> I32x4ExtmulLowI16x8U(Vector128<ushort> left, Vector128<ushort> right) => Sse2.IsSupported
        ? Sse2.UnpackLow(left * right, Sse2.MultiplyHigh(left, right)).AsUInt32()
        : Vector128.WidenLower(left) * Vector128.WidenLower(right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> I32x4ExtmulHighI16x8U(Vector128<ushort> left, Vector128<ushort> right) => Sse2.IsSupported
        ? Sse2.UnpackHigh(left * right, Sse2.MultiplyHigh(left, right)).AsUInt32()
        : Vector128.WidenUpper(left) * Vector128.WidenUpper(right);

    // The instruction multiplies the even lanes.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<long> I64x2ExtmulLowI32x4S(Vector128<int> left, Vector128<int> right) => Sse41.IsSupported
        ? Sse41.Multiply(Sse2.UnpackLow(left, left), Sse2.UnpackLow(right, right))
        : Vector128.WidenLower(left) * Vector128.WidenLower(right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<long> I64x2ExtmulHighI32x4S(Vector128<int> left, Vector128<int> right) => Sse41.IsSupported
        ? Sse41.Multiply(Sse2.UnpackHigh(left, left), Sse2.UnpackHigh(right, right))
        : Vector128.WidenUpper(left) * Vector128.WidenUpper(right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> I64x2ExtmulLowI32x4U(Vector128<uint> left, Vector128<uint> right) => Sse2.IsSupported
        ? Sse2.Multiply(Sse2.UnpackLow(left, left), Sse2.UnpackLow(right, right))
        : Vector128.WidenLower(left) * Vector128.WidenLower(right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> I64x2ExtmulHighI32x4U(Vector128<uint> left, Vector128<uint> right) => Sse2.IsSupported
        ? Sse2.Multiply(Sse2.UnpackHigh(left, left), Sse2.UnpackHigh(right, right))
        : Vector128.WidenUpper(left) * Vector128.WidenUpper(right);
}
