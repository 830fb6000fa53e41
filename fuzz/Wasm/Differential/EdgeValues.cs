using System.Collections.Immutable;
using LazyOC.Fuzz.Wasm.Execution;
using LazyOC.Wasm;

namespace LazyOC.Fuzz.Wasm.Differential;

/// <summary>Arguments where instructions change their behaviour: ends of ranges, powers of two, NaN, infinities, halves.</summary>
internal static class EdgeValues
{
    private const uint CanonicalNaN32 = 0x7FC0_0000;
    private const ulong CanonicalNaN64 = 0x7FF8_0000_0000_0000;

    /// <summary>How often any bits are taken instead.</summary>
    private const int OneInRandom = 6;

    /// <summary>Addresses near the end of the generator's memory of 16 to 17 pages among them.</summary>
    private static readonly ImmutableArray<int> I32 =
    [
        0, 1, -1, 2, -2, 7, 8, 31, 32, 33, 63, 64, 0x7F, 0x80, -0x80, -0x81, 0xFF, 0x100, 0x7FFF, 0x8000, -0x8000, 0xFFFF, 0x1_0000, 0x10_0000, 0xF_FFFF,
        0xF_FFFC, 0xF_FFF8, 0x11_0000, 0x10_FFFF, 0x10_FFF8, 0x4000_0000, int.MaxValue, int.MaxValue - 1, int.MinValue, int.MinValue + 1, 0x5555_5555,
        unchecked((int)0xAAAA_AAAA), 1 << 23, 1 << 24, (1 << 24) + 1,
    ];

    private static readonly ImmutableArray<long> I64 =
    [
        0, 1, -1, 2, -2, 31, 32, 63, 64, 65, 0x80, 0xFF, 0x8000, 0xFFFF, 0x1_0000, int.MaxValue, int.MinValue, uint.MaxValue, 1L << 32, (1L << 32) + 1, -(1L << 32),
        1L << 52, 1L << 53, (1L << 53) + 1, 1L << 62, long.MaxValue, long.MaxValue - 1, long.MinValue, long.MinValue + 1, long.MaxValue - 511, long.MaxValue - 512,
        0x5555_5555_5555_5555, unchecked((long)0xAAAA_AAAA_AAAA_AAAA), 0x7FFF_FF40_0000_0001, 0x7FFF_FFBF_FFFF_FFFF,
    ];

    private static readonly ImmutableArray<float> F32 =
    [
        0f, -0f, 1f, -1f, 0.5f, -0.5f, 1.5f, 2.5f, -2.5f, 0.1f, float.PositiveInfinity, float.NegativeInfinity, BitConverter.UInt32BitsToSingle(CanonicalNaN32),
        float.Epsilon, -float.Epsilon, 1.1754942e-38f, 1.17549435e-38f, float.MaxValue, float.MinValue, 2147483520f, 2147483648f, -2147483648f, -2147483904f,
        4294967040f, 4294967296f, -0.99999994f, 0.99999994f, 8388607.5f, 8388608f, 16777216f, 9223371487098961920f, 9223372036854775808f, 18446742974197923840f, 18446744073709551616f,
    ];

    private static readonly ImmutableArray<double> F64 =
    [
        0d, -0d, 1d, -1d, 0.5, -0.5, 1.5, 2.5, -2.5, 0.1, double.PositiveInfinity, double.NegativeInfinity, BitConverter.UInt64BitsToDouble(CanonicalNaN64),
        double.Epsilon, -double.Epsilon, 2.225073858507201e-308, 2.2250738585072014e-308, double.MaxValue, double.MinValue, 2147483647d, 2147483647.9999998, 2147483648d,
        -2147483648d, -2147483648.9999995, -2147483649d, 4294967295d, 4294967295.9999995, 4294967296d, -0.9999999999999999, 0.9999999999999999, 4503599627370495.5,
        9007199254740993d, 9223372036854774784d, 9223372036854775808d, 18446744073709549568d, 18446744073709551616d, 3.4028234663852886e38, 3.4028235677973366e38, 1.401298464324817e-45, 7.006492321624085e-46,
    ];

    /// <summary>A value of a number type.</summary>
    public static object? Of(ValType type, SeededRandom random) => type switch
    {
        ValType.I32 => random.OneIn(OneInRandom) ? (int)random.Next() : random.Of(I32.AsSpan()),
        ValType.I64 => random.OneIn(OneInRandom) ? (long)random.Next() : random.Of(I64.AsSpan()),
        ValType.F32 => Canonical(random.OneIn(OneInRandom) ? BitConverter.UInt32BitsToSingle((uint)random.Next()) : random.Of(F32.AsSpan())),
        ValType.F64 => Canonical(random.OneIn(OneInRandom) ? BitConverter.UInt64BitsToDouble(random.Next()) : random.Of(F64.AsSpan())),
        _ => null,
    };

    /// <summary>Several calls of each function, one round after the other, with a look at the state after each round.</summary>
    /// <param name="module">Whose functions.</param>
    /// <param name="rounds">How often each is called.</param>
    /// <param name="maxCalls">Most calls of all functions together.</param>
    /// <param name="reset">An export to call before each call of another, if there is one of that name.</param>
    /// <param name="random">Decides the arguments.</param>
    public static CallPlan Plan(WasmModule module, int rounds, int maxCalls, string reset, SeededRandom random)
    {
        var callable = CallPlan.Callable(module).ToList();
        var resetting = callable.Find(export => string.Equals(export.Name, reset, StringComparison.Ordinal));
        var steps = ImmutableArray.CreateBuilder<ExportCall?>();
        var calls = 0;
        for (var round = 0; round < rounds && calls < maxCalls; round++)
        {
            foreach (var (export, name, type) in callable)
            {
                if (calls == maxCalls)
                    break;
                if (resetting.Name is not null)
                    steps.Add(new ExportCall(resetting.Export, resetting.Name, []));
                steps.Add(new ExportCall(export, name, [.. type.Parameters.Select(parameter => Of(parameter, random))]));
                calls++;
            }
            steps.Add(null);
        }
        return new CallPlan(steps.ToImmutable());
    }

    private static float Canonical(float value) => float.IsNaN(value) ? BitConverter.UInt32BitsToSingle(CanonicalNaN32) : value;

    private static double Canonical(double value) => double.IsNaN(value) ? BitConverter.UInt64BitsToDouble(CanonicalNaN64) : value;
}
