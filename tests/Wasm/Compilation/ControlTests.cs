using LazyOC.Wasm.Tests.Execution;

namespace LazyOC.Wasm.Tests.Compilation;

public sealed class ControlTests : IDisposable
{
    private readonly WasmInstance _instance = Fixture.Instantiate("control");

    public void Dispose() => _instance.Dispose();

    [Theory]
    [InlineData(0, 100)]
    [InlineData(1, 101)]
    [InlineData(2, 102)]
    [InlineData(3, 103)]
    [InlineData(-1, 103)]
    public void BrTable_ByIndex_GoesToItsLabelOrTheDefault(int index, int expected) =>
        Assert.Equal(expected, _instance.GetFunction<Func<int, int>>("switch")(index));

    [Theory]
    [InlineData(0, 1010)]
    [InlineData(1, 1001)]
    public void BrTable_WithValue_BringsItToEachLabel(int index, int expected) =>
        Assert.Equal(expected, _instance.GetFunction<Func<int, int>>("switch_with_value")(index));

    [Fact]
    public void Function_WithTwoResults_ReturnsATuple() =>
        Assert.Equal((2L, 1), _instance.GetFunction<Func<int, long, (long, int)>>("swap")(1, 2));

    [Fact]
    public void Function_WithNineResults_ReturnsANestedTuple()
    {
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8, 9L], _instance.GetFunction("nine")!.Invoke());
        Assert.Equal((1, 2, 3, 4, 5, 6, 7, 8, 9L), _instance.GetFunction<Func<(int, int, int, int, int, int, int, int, long)>>("nine")());
    }

    [Fact]
    public void Loop_WithParameters_CarriesThemRound() =>
        Assert.Equal(5050, _instance.GetFunction<Func<int, int>>("sum_loop")(100));

    [Theory]
    [InlineData(3, 1, 24)]
    [InlineData(3, 0, 42)]
    public void If_WithParameters_GivesThemToBothArms(int value, int condition, int expected) =>
        Assert.Equal(expected, _instance.GetFunction<Func<int, int, int>>("if_with_parameters")(value, condition));

    [Theory]
    [InlineData(1, 6)]
    [InlineData(0, 5)]
    public void If_WithoutElse_PassesItsParametersOn(int condition, int expected) =>
        Assert.Equal(expected, _instance.GetFunction<Func<int, int>>("if_without_else")(condition));

    [Fact]
    public void Code_BehindABranch_IsNotRun() =>
        Assert.Equal(3, _instance.GetFunction<Func<int>>("unreachable_code")());

    [Fact]
    public void Unreachable_WhenRun_TrapsWithTheFunctionsName()
    {
        var trap = Fixture.Trap(() => _instance.GetFunction<Action>("unreachable")());

        Assert.Equal(TrapCode.Unreachable, trap.Code);
        Assert.Equal("unreachable", Assert.Single(trap.GuestStack));
    }

    [Theory]
    [InlineData(1, 10)]
    [InlineData(0, 21)]
    public void Select_ByCondition_ChoosesAValue(int condition, int expected) =>
        Assert.Equal(expected, _instance.GetFunction<Func<int, int, int, int>>("select")(10, 20, condition));
}
