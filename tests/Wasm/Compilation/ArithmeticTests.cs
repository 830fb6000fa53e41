using LazyOC.Wasm.Tests.Execution;

namespace LazyOC.Wasm.Tests.Compilation;

public sealed class ArithmeticTests : IDisposable
{
    private readonly WasmInstance _instance = Fixture.Instantiate("arithmetic");

    public void Dispose() => _instance.Dispose();

    [Theory]
    [InlineData("div_s")]
    [InlineData("div_u")]
    [InlineData("rem_s")]
    public void Divide_ByZero_Traps(string function)
    {
        var divide = _instance.GetFunction<Func<int, int, int>>(function);

        Assert.Equal(TrapCode.IntegerDivideByZero, Fixture.Trap(() => divide(1, 0)).Code);
    }

    [Fact]
    public void DivS_OfLeastByMinusOne_Overflows()
    {
        var divide = _instance.GetFunction<Func<int, int, int>>("div_s");
        var divideByMinusOne = _instance.GetFunction<Func<int, int>>("div_by_minus_one");

        Assert.Equal(TrapCode.IntegerOverflow, Fixture.Trap(() => divide(int.MinValue, -1)).Code);
        Assert.Equal(TrapCode.IntegerOverflow, Fixture.Trap(() => divideByMinusOne(int.MinValue)).Code);
        Assert.Equal(-7, divideByMinusOne(7));
    }

    [Fact]
    public void RemS_ByMinusOne_IsZero()
    {
        Assert.Equal(0, _instance.GetFunction<Func<int, int, int>>("rem_s")(int.MinValue, -1));
        Assert.Equal(0, _instance.GetFunction<Func<long, long, long>>("rem_s64")(long.MinValue, -1));
        Assert.Equal(-1, _instance.GetFunction<Func<int, int, int>>("rem_s")(-7, 3));
    }

    [Theory]
    [InlineData("shl", 1, 33, 2)]
    [InlineData("rotl", int.MinValue, 33, 1)]
    public void Shift_BeyondTheWidth_TakesTheCountModuloTheWidth(string function, int value, int count, int expected) =>
        Assert.Equal(expected, _instance.GetFunction<Func<int, int, int>>(function)(value, count));

    [Fact]
    public void ShrU64_By65_ShiftsByOne() =>
        Assert.Equal(long.MaxValue, _instance.GetFunction<Func<long, long, long>>("shr_u64")(-1, 65));

    [Theory]
    [InlineData(double.NaN, TrapCode.InvalidConversionToInteger)]
    [InlineData(2147483648.0, TrapCode.IntegerOverflow)]
    [InlineData(-2147483649.0, TrapCode.IntegerOverflow)]
    [InlineData(double.PositiveInfinity, TrapCode.IntegerOverflow)]
    public void TruncS_OutsideTheRange_Traps(double value, TrapCode expected)
    {
        var truncate = _instance.GetFunction<Func<double, int>>("trunc_s");

        Assert.Equal(expected, Fixture.Trap(() => truncate(value)).Code);
    }

    [Theory]
    [InlineData(2147483647.9, int.MaxValue)]
    [InlineData(-2147483648.9, int.MinValue)]
    public void TruncS_JustInsideTheRange_RoundsTowardsZero(double value, int expected) =>
        Assert.Equal(expected, _instance.GetFunction<Func<double, int>>("trunc_s")(value));

    [Fact]
    public void TruncU64_OfTheUpperHalf_IsUnsigned()
    {
        var truncate = _instance.GetFunction<Func<double, long>>("trunc_u64");

        Assert.Equal(long.MinValue, truncate(9223372036854775808.0));
        Assert.Equal(0, truncate(-0.9));
        Assert.Equal(TrapCode.IntegerOverflow, Fixture.Trap(() => truncate(-1)).Code);
        Assert.Equal(TrapCode.IntegerOverflow, Fixture.Trap(() => truncate(18446744073709551616.0)).Code);
    }

    [Theory]
    [InlineData(double.NaN, 0)]
    [InlineData(-1.0, 0)]
    [InlineData(1e10, -1)]
    [InlineData(4294967295.0, -1)]
    public void TruncSatU_OutsideTheRange_Saturates(double value, int expected) =>
        Assert.Equal(expected, _instance.GetFunction<Func<double, int>>("trunc_sat_u")(value));

    [Fact]
    public void Min_OfZeros_PrefersTheNegative()
    {
        var min = _instance.GetFunction<Func<double, double, double>>("min");

        Assert.True(double.IsNegative(min(0.0, -0.0)));
        Assert.True(double.IsNaN(min(double.NaN, 1)));
    }

    [Fact]
    public void If_OfNegatedFloatComparison_TakesNaNAsNotLess() =>
        Assert.Equal(1, _instance.GetFunction<Func<double, double, int>>("not_less")(double.NaN, 1));

    [Fact]
    public void Mul_OfSignallingNaNByOne_QuietensIt() =>
        Assert.Equal(0x7FE00000, _instance.GetFunction<Func<int, int>>("times_one_bits")(0x7FA00000));

    [Fact]
    public void ConvertU64_OfManyBits_RoundsOnce() =>
        Assert.Equal(9.223373e18f, _instance.GetFunction<Func<long, float>>("convert_u64")(unchecked((long)0x8000008000000001UL)));

    [Fact]
    public void LocalTee_BehindAnOperandThatReadTheLocal_DoesNotChangeIt() =>
        Assert.Equal(4, _instance.GetFunction<Func<int, int>>("order")(5));
}
