using System.Globalization;
using System.Runtime.Intrinsics;
using LazyOC.Wasm;

namespace LazyOC.Fuzz.Wasm.Execution;

/// <summary>Values in outcomes and in what the peer is asked: bits in hexadecimal, one word for every NaN and reference.</summary>
internal static class Values
{
    /// <summary>A result, a logged value or that of a global.</summary>
    public static string Text(object? value) => value switch
    {
        float number when float.IsNaN(number) => "nan",
        double number when double.IsNaN(number) => "nan",
        null => "null",
        int or long or float or double => Bits(value),
        _ => "reference",
    };

    /// <summary>An argument. NaNs are the canonical one, the only one that JavaScript passes on.</summary>
    public static string Bits(object? value) => value switch
    {
        int number => Hex((uint)number),
        long number => Hex((ulong)number),
        float number => Hex(BitConverter.SingleToUInt32Bits(number)),
        double number => Hex(BitConverter.DoubleToUInt64Bits(number)),
        null => "null",
        _ => throw new ArgumentException($"{value.GetType().Name} is no argument", nameof(value)),
    };

    /// <summary>What stubs return and simple calls are made with.</summary>
    public static object? One(ValType type) => type switch
    {
        ValType.I32 => 1,
        ValType.I64 => 1L,
        ValType.F32 => 1f,
        ValType.F64 => 1d,
        // JavaScript can make a global of vectors, but give it no value.
        ValType.V128 => Vector128<byte>.Zero,
        _ => null,
    };

    private static string Hex(ulong bits) => bits.ToString("x", CultureInfo.InvariantCulture);
}
