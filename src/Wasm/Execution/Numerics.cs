using System.Runtime.CompilerServices;

namespace LazyOC.Wasm.Execution;

/// <summary>Numeric instructions that CIL has no equal of. Called by generated code.</summary>
/// <remarks>Source: WebAssembly 2.0, §4.3.</remarks>
internal static class Numerics
{
    /// <summary>A NaN constant; a literal would be quietened on its way through the just-in-time compiler.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static float F32FromBits(int bits) => BitConverter.Int32BitsToSingle(bits);

    /// <inheritdoc cref="F32FromBits"/>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static double F64FromBits(long bits) => BitConverter.Int64BitsToDouble(bits);

    // Adding quietens a signalling NaN, which Math.Min and Math.Max return as it is.
    public static float F32Min(float left, float right) =>
        float.IsNaN(left) || float.IsNaN(right) ? left + right : MathF.Min(left, right);

    public static float F32Max(float left, float right) =>
        float.IsNaN(left) || float.IsNaN(right) ? left + right : MathF.Max(left, right);

    public static double F64Min(double left, double right) =>
        double.IsNaN(left) || double.IsNaN(right) ? left + right : Math.Min(left, right);

    public static double F64Max(double left, double right) =>
        double.IsNaN(left) || double.IsNaN(right) ? left + right : Math.Max(left, right);

    /// <summary>Rounded once: a detour through 64-bit precision would round twice.</summary>
    public static float F32ConvertI64U(long value)
    {
        var unsigned = (ulong)value;
        if (value >= 0)
            return (float)value;
        // Half the value with the lost bit kept sticky rounds as the whole would.
        var half = (long)((unsigned >> 1) | (unsigned & 1));
        return (float)half * 2;
    }

    public static double F64ConvertI64U(long value)
    {
        var unsigned = (ulong)value;
        if (value >= 0)
            return value;
        var half = (long)((unsigned >> 1) | (unsigned & 1));
        return (double)half * 2;
    }

    public static int I32TruncF64S(double value)
    {
        if (value is > -2147483649.0 and < 2147483648.0)
            return (int)value;
        throw TruncationTrap(value);
    }

    public static int I32TruncF64U(double value)
    {
        if (value is > -1.0 and < 4294967296.0)
            return (int)(uint)value;
        throw TruncationTrap(value);
    }

    public static long I64TruncF64S(double value)
    {
        if (value is >= -9223372036854775808.0 and < 9223372036854775808.0)
            return (long)value;
        throw TruncationTrap(value);
    }

    public static long I64TruncF64U(double value)
    {
        if (value is > -1.0 and < 18446744073709551616.0)
            return (long)(ulong)value;
        throw TruncationTrap(value);
    }

    private static TrapException TruncationTrap(double value) =>
        new(double.IsNaN(value) ? TrapCode.InvalidConversionToInteger : TrapCode.IntegerOverflow);
}
