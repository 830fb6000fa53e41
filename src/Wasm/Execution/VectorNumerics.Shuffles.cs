using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LazyOC.Wasm.Execution;

/// <content>The shuffles of two vectors that processors have an instruction for.</content>
internal static partial class VectorNumerics
{
    /// <summary>The first bytes of <paramref name="high"/> behind those of <paramref name="low"/> but for the first <paramref name="count"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> AlignRight(Vector128<byte> low, Vector128<byte> high, [ConstantExpected] byte count)
    {
        if (Ssse3.IsSupported)
            return Ssse3.AlignRight(high, low, count);
        // Indices that are too large, or negative and thereby too large, give 0.
        var indices = Vector128.CreateSequence(count, (byte)1);
        return Vector128.Shuffle(low, indices) | Vector128.Shuffle(high, indices - Vector128.Create((byte)Vector128<byte>.Count));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> InterleaveLow8(Vector128<byte> left, Vector128<byte> right) => Sse2.IsSupported
        ? Sse2.UnpackLow(left, right)
        : (Vector128.WidenLower(left) | (Vector128.WidenLower(right) << 8)).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> InterleaveHigh8(Vector128<byte> left, Vector128<byte> right) => Sse2.IsSupported
        ? Sse2.UnpackHigh(left, right)
        : (Vector128.WidenUpper(left) | (Vector128.WidenUpper(right) << 8)).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ushort> InterleaveLow16(Vector128<ushort> left, Vector128<ushort> right) => Sse2.IsSupported
        ? Sse2.UnpackLow(left, right)
        : (Vector128.WidenLower(left) | (Vector128.WidenLower(right) << 16)).AsUInt16();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ushort> InterleaveHigh16(Vector128<ushort> left, Vector128<ushort> right) => Sse2.IsSupported
        ? Sse2.UnpackHigh(left, right)
        : (Vector128.WidenUpper(left) | (Vector128.WidenUpper(right) << 16)).AsUInt16();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> InterleaveLow32(Vector128<uint> left, Vector128<uint> right) => Sse2.IsSupported
        ? Sse2.UnpackLow(left, right)
        : (Vector128.WidenLower(left) | (Vector128.WidenLower(right) << 32)).AsUInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> InterleaveHigh32(Vector128<uint> left, Vector128<uint> right) => Sse2.IsSupported
        ? Sse2.UnpackHigh(left, right)
        : (Vector128.WidenUpper(left) | (Vector128.WidenUpper(right) << 32)).AsUInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> InterleaveLow64(Vector128<ulong> left, Vector128<ulong> right) => Sse2.IsSupported
        ? Sse2.UnpackLow(left, right)
        : Vector128.Create(left.GetLower(), right.GetLower());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> InterleaveHigh64(Vector128<ulong> left, Vector128<ulong> right) => Sse2.IsSupported
        ? Sse2.UnpackHigh(left, right)
        : Vector128.Create(left.GetUpper(), right.GetUpper());
}
