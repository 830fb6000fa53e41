using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LazyOC.Wasm.Execution;

/// <content>Floating-point lanes.</content>
internal static partial class VectorNumerics
{
    // The processor's minimum is its second operand when there is a NaN and for zeros of either sign, so that of the two
    // orders together one has the right sign. A sum with a NaN is that NaN, but quiet.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> F32x4Min(Vector128<float> left, Vector128<float> right) => Sse.IsSupported
        ? Vector128.ConditionalSelect(Sse.CompareUnordered(left, right), left + right, Sse.Min(left, right) | Sse.Min(right, left))
        : Vector128.ConditionalSelect(Vector128.IsNaN(left) | Vector128.IsNaN(right), left + right, Vector128.Min(left, right));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> F32x4Max(Vector128<float> left, Vector128<float> right) => Sse.IsSupported
        ? Vector128.ConditionalSelect(Sse.CompareUnordered(left, right), left + right, Sse.Max(left, right) & Sse.Max(right, left))
        : Vector128.ConditionalSelect(Vector128.IsNaN(left) | Vector128.IsNaN(right), left + right, Vector128.Max(left, right));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> F64x2Min(Vector128<double> left, Vector128<double> right) => Sse2.IsSupported
        ? Vector128.ConditionalSelect(Sse2.CompareUnordered(left, right), left + right, Sse2.Min(left, right) | Sse2.Min(right, left))
        : Vector128.ConditionalSelect(Vector128.IsNaN(left) | Vector128.IsNaN(right), left + right, Vector128.Min(left, right));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> F64x2Max(Vector128<double> left, Vector128<double> right) => Sse2.IsSupported
        ? Vector128.ConditionalSelect(Sse2.CompareUnordered(left, right), left + right, Sse2.Max(left, right) & Sse2.Max(right, left))
        : Vector128.ConditionalSelect(Vector128.IsNaN(left) | Vector128.IsNaN(right), left + right, Vector128.Max(left, right));

    // "right < left ? right : left", which is how the processor defines the minimum of right and left.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> F32x4Pmin(Vector128<float> left, Vector128<float> right) => Sse.IsSupported
        ? Sse.Min(right, left)
        : Vector128.ConditionalSelect(Vector128.LessThan(right, left), right, left);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> F32x4Pmax(Vector128<float> left, Vector128<float> right) => Sse.IsSupported
        ? Sse.Max(right, left)
        : Vector128.ConditionalSelect(Vector128.LessThan(left, right), right, left);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> F64x2Pmin(Vector128<double> left, Vector128<double> right) => Sse2.IsSupported
        ? Sse2.Min(right, left)
        : Vector128.ConditionalSelect(Vector128.LessThan(right, left), right, left);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> F64x2Pmax(Vector128<double> left, Vector128<double> right) => Sse2.IsSupported
        ? Sse2.Max(right, left)
        : Vector128.ConditionalSelect(Vector128.LessThan(left, right), right, left);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> F32x4DemoteF64x2Zero(Vector128<double> vector) => Sse2.IsSupported
        ? Sse2.ConvertToVector128Single(vector)
        : Vector128.Narrow(vector, Vector128<double>.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> F64x2ConvertLowI32x4S(Vector128<int> vector) => Sse2.IsSupported
        ? Sse2.ConvertToVector128Double(vector)
        : Vector128.ConvertToDouble(Vector128.WidenLower(vector));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> F64x2ConvertLowI32x4U(Vector128<uint> vector)
    {
        if (!Sse2.IsSupported)
            return Vector128.ConvertToDouble(Vector128.WidenLower(vector));
        // In the lowest bits of 2⁵² an integer is added to it.
        var magic = Vector128.Create(4503599627370496.0);
        return (Vector128.WidenLower(vector) | magic.AsUInt64()).AsDouble() - magic;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> I32x4TruncSatF32x4U(Vector128<float> vector)
    {
        if (!Sse41.IsSupported)
            return Vector128.ConvertToUInt32(vector);
        // The conversion is signed and gives 2³¹ for what does not fit, so that what exceeds 2³¹ is converted apart and
        // added. The maximum with a NaN is its second operand.
        var half = Vector128.Create(2147483648f);
        var number = Sse.Max(vector, Vector128<float>.Zero);
        var excess = number - half;
        var tooLarge = Vector128.GreaterThanOrEqual(excess, half).AsInt32();
        var upper = Vector128.Max(Sse2.ConvertToVector128Int32WithTruncation(excess) ^ tooLarge, Vector128<int>.Zero);
        return (Sse2.ConvertToVector128Int32WithTruncation(number) + upper).AsUInt32();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> I32x4TruncSatF64x2SZero(Vector128<double> vector)
    {
        if (!Sse2.IsSupported)
            return Vector128.NarrowWithSaturation(Vector128.ConvertToInt64(vector), Vector128<long>.Zero);
        // What does not fit becomes the least integer, which is right for numbers that are too small.
        var number = vector & Vector128.Equals(vector, vector);
        return Sse2.ConvertToVector128Int32WithTruncation(Sse2.Min(number, Vector128.Create((double)int.MaxValue)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> I32x4TruncSatF64x2UZero(Vector128<double> vector)
    {
        if (!Sse2.IsSupported)
            return Vector128.NarrowWithSaturation(Vector128.ConvertToUInt64(vector), Vector128<ulong>.Zero);
        // The maximum with a NaN is its second operand. Added to 2⁵² an integer is in the lowest bits.
        var number = Sse2.Min(Sse2.Max(vector, Vector128<double>.Zero), Vector128.Create((double)uint.MaxValue));
        var integers = Vector128.Truncate(number) + Vector128.Create(4503599627370496.0);
        return Sse.Shuffle(integers.AsSingle(), Vector128<float>.Zero, 0b10_00_10_00).AsUInt32();
    }
}
