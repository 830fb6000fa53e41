using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.Intrinsics;
using System.Text.Json;
using LazyOC.Wasm;

namespace LazyOC.Cli.Commands.Bench.Spec;

/// <summary>A value or a pattern of values.</summary>
/// <param name="Type">Of the value.</param>
/// <param name="Value">
/// Bits in decimal, <c>nan:canonical</c>, <c>nan:arithmetic</c>, <c>null</c>, or the number of a host object; null for
/// any reference, and for vectors.
/// </param>
/// <param name="LaneType">Of a vector: <c>i8</c> to <c>i64</c>, <c>f32</c> or <c>f64</c>.</param>
/// <param name="Lanes">Of a vector: values or patterns, the first lane first.</param>
internal sealed record ScriptValue(string Type, string? Value, string? LaneType, ImmutableArray<string> Lanes)
{
    private const int VectorBytes = 16;

    public static ImmutableArray<ScriptValue> ParseAll(JsonElement json) => [.. json.EnumerateArray().Select(Parse)];

    /// <summary>The value of an argument.</summary>
    /// <param name="hostObjects">The object for each number, the same for one script.</param>
    public object? ToArgument(Func<string, object> hostObjects) => Type switch
    {
        "i32" => (int)uint.Parse(Value!, CultureInfo.InvariantCulture),
        "i64" => (long)ulong.Parse(Value!, CultureInfo.InvariantCulture),
        "f32" => BitConverter.UInt32BitsToSingle(uint.Parse(Value!, CultureInfo.InvariantCulture)),
        "f64" => BitConverter.UInt64BitsToDouble(ulong.Parse(Value!, CultureInfo.InvariantCulture)),
        "v128" => ToVector(),
        "funcref" or "externref" when Value is "null" => null,
        "externref" => hostObjects(Value!),
        _ => throw new NotSupportedException($"argument of type {Type}"),
    };

    /// <summary>Whether a result is what the script expects, bit by bit but for the patterns of NaNs.</summary>
    public bool Matches(object? actual, Func<string, object> hostObjects) => (Type, actual) switch
    {
        ("i32" or "f32", int or float) => Matches(Type, Value!, actual is int number ? (uint)number : BitConverter.SingleToUInt32Bits((float)actual)),
        ("i64" or "f64", long or double) => Matches(Type, Value!, actual is long number ? (ulong)number : BitConverter.DoubleToUInt64Bits((double)actual)),
        ("v128", Vector128<byte> vector) => MatchesLanes(vector),
        ("funcref", WasmFunction) => Value is null,
        ("externref" or "funcref", null) => Value is "null",
        ("externref", _) => Value is null || ReferenceEquals(hostObjects(Value), actual),
        _ => false,
    };

    public override string ToString() => Lanes.IsEmpty ? $"{Type} {Value ?? "any"}" : $"{LaneType}x{Lanes.Length} {string.Join(' ', Lanes)}";

    private static ScriptValue Parse(JsonElement json)
    {
        var value = json.TryGetProperty("value", out var given) ? given : default;
        return new ScriptValue(
            ScriptCommand.Required(json, "type"),
            value.ValueKind == JsonValueKind.String ? value.GetString() : null,
            ScriptCommand.Optional(json, "lane_type"),
            value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select(lane => lane.GetString()!)] : []);
    }

    private object ToVector()
    {
        var bytes = new byte[VectorBytes];
        var size = LaneBytes();
        for (var i = 0; i < Lanes.Length; i++)
        {
            var lane = BitConverter.GetBytes(ulong.Parse(Lanes[i], CultureInfo.InvariantCulture));
            lane.AsSpan(0, size).CopyTo(bytes.AsSpan(i * size));
        }
        return Vector128.Create(bytes);
    }

    private bool MatchesLanes(Vector128<byte> actual)
    {
        var size = LaneBytes();
        for (var i = 0; i < Lanes.Length; i++)
        {
            ulong bits = 0;
            for (var at = size - 1; at >= 0; at--)
                bits = (bits << 8) | actual[(i * size) + at];
            if (!Matches(LaneType!, Lanes[i], bits))
                return false;
        }
        return true;
    }

    private int LaneBytes()
    {
        var size = LaneType switch
        {
            "i8" => 1,
            "i16" => 2,
            "i32" or "f32" => 4,
            "i64" or "f64" => 8,
            _ => throw new NotSupportedException($"vector with lanes of type {LaneType}"),
        };
        return Lanes.Length * size == VectorBytes
            ? size
            : throw new NotSupportedException($"vector with {Lanes.Length} lanes of type {LaneType}");
    }

    private static bool Matches(string type, string expected, ulong bits) => (type, expected) switch
    {
        ("f32", "nan:canonical") => (bits & 0x7FFF_FFFF) == 0x7FC0_0000,
        ("f32", "nan:arithmetic") => (bits & 0x7FC0_0000) == 0x7FC0_0000,
        ("f64", "nan:canonical") => (bits & 0x7FFF_FFFF_FFFF_FFFF) == 0x7FF8_0000_0000_0000,
        ("f64", "nan:arithmetic") => (bits & 0x7FF8_0000_0000_0000) == 0x7FF8_0000_0000_0000,
        _ => expected == bits.ToString(CultureInfo.InvariantCulture),
    };
}
