using System.Globalization;

namespace LazyOC.Wasm.Tests.Conformance;

/// <summary>Values of the scripts, as the engine's callers see them.</summary>
internal static class Values
{
    /// <summary>The value of an argument.</summary>
    /// <param name="value">Bits in decimal; references are <c>null</c> or the number of a host object.</param>
    /// <param name="hostObjects">The object for each number, the same for one script.</param>
    public static object? ToArgument(Expectation value, Func<string, object> hostObjects) => value.Type switch
    {
        "i32" => (int)uint.Parse(value.Value!, CultureInfo.InvariantCulture),
        "i64" => (long)ulong.Parse(value.Value!, CultureInfo.InvariantCulture),
        "f32" => BitConverter.UInt32BitsToSingle(uint.Parse(value.Value!, CultureInfo.InvariantCulture)),
        "f64" => BitConverter.UInt64BitsToDouble(ulong.Parse(value.Value!, CultureInfo.InvariantCulture)),
        "funcref" or "externref" when value.Value is "null" => null,
        "externref" => hostObjects(value.Value!),
        _ => throw new NotSupportedException($"argument of type {value.Type}"),
    };

    /// <summary>Whether a result is what the script expects, bit by bit but for the patterns of NaNs.</summary>
    public static bool Matches(Expectation expected, object? actual, Func<string, object> hostObjects) => (expected.Type, actual) switch
    {
        ("f32", float number) => MatchesF32(expected.Value!, BitConverter.SingleToUInt32Bits(number)),
        ("f64", double number) => MatchesF64(expected.Value!, BitConverter.DoubleToUInt64Bits(number)),
        ("i32", int number) => expected.Value == ((uint)number).ToString(CultureInfo.InvariantCulture),
        ("i64", long number) => expected.Value == ((ulong)number).ToString(CultureInfo.InvariantCulture),
        ("funcref", WasmFunction) => expected.Value is null,
        ("externref" or "funcref", null) => expected.Value is "null",
        ("externref", _) => expected.Value is null || ReferenceEquals(hostObjects(expected.Value), actual),
        _ => false,
    };

    private static bool MatchesF32(string expected, uint bits) => expected switch
    {
        "nan:canonical" => (bits & 0x7FFF_FFFF) == 0x7FC0_0000,
        "nan:arithmetic" => (bits & 0x7FC0_0000) == 0x7FC0_0000,
        _ => expected == bits.ToString(CultureInfo.InvariantCulture),
    };

    private static bool MatchesF64(string expected, ulong bits) => expected switch
    {
        "nan:canonical" => (bits & 0x7FFF_FFFF_FFFF_FFFF) == 0x7FF8_0000_0000_0000,
        "nan:arithmetic" => (bits & 0x7FF8_0000_0000_0000) == 0x7FF8_0000_0000_0000,
        _ => expected == bits.ToString(CultureInfo.InvariantCulture),
    };
}
