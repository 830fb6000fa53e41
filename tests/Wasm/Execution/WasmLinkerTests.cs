namespace LazyOC.Wasm.Tests.Execution;

public sealed class WasmLinkerTests
{
    private readonly WasmGlobal _counter = new(ValType.I32, isMutable: true, 3);

    private WasmLinker Linker() => HostFixture.Linker(() => throw new TimeoutException("from the host"), _counter);

    private WasmInstance Instantiate() => Fixture.Load("host").Instantiate(Linker());

    [Fact]
    public void HostFunction_OfEveryKind_IsCalledWithItsArguments()
    {
        using var instance = Instantiate();

        Assert.Equal(5.0, instance.GetFunction<Func<int, long, double>>("add")(2, 3));
        Assert.Equal(14, instance.GetFunction<Func<int, long>>("pair")(7));
        Assert.Equal(153, instance.GetFunction<Func<int>>("wide")());
    }

    [Fact]
    public void HostFunction_ThatCallsBack_FindsTheInstanceRunning()
    {
        using var instance = Instantiate();

        Assert.Equal(20, instance.GetFunction<Func<int, int>>("reenter")(20));
    }

    [Fact]
    public void HostFunction_ThatThrows_ThrowsThroughTheGuestAndLeavesItUsable()
    {
        using var instance = Instantiate();

        Assert.Throws<TimeoutException>(() => instance.GetFunction<Action>("throws")());
        Assert.Equal(5.0, instance.GetFunction<Func<int, long, double>>("add")(2, 3));
    }

    [Fact]
    public void Global_OfTheHost_IsShared()
    {
        using var instance = Instantiate();

        instance.GetFunction<Action>("increment")();

        Assert.Equal(4, _counter.Value);
    }

    [Fact]
    public void Instantiate_WithoutItsImports_NamesThemAll()
    {
        var refusal = Assert.Throws<WasmLinkException>(() => Fixture.Load("host").Instantiate(new WasmLinker()));

        Assert.Contains("`env.add` (function [i32 i64] -> [f64])", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("`env.counter` (global mut i32)", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Instantiate_WithAnImportOfAnotherType_SaysBoth()
    {
        var linker = Linker().Define("env", "add", (int left, int right) => left + right);

        var refusal = Assert.Throws<WasmLinkException>(() => Fixture.Load("host").Instantiate(linker));

        Assert.Contains("[i32 i64] -> [f64]", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("[i32 i32] -> [i32]", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Define_WithADelegateOfNoWebAssemblyType_IsRefused() =>
        Assert.Throws<ArgumentException>(() => new WasmLinker().Define("env", "text", (string text) => text.Length));

    [Fact]
    public void GetFunction_ThatIsMissingOrOfAnotherType_SaysSo()
    {
        using var instance = Instantiate();

        Assert.Contains("no function `nothing`", Assert.Throws<WasmLinkException>(() => instance.GetFunction<Action>("nothing")).Message, StringComparison.Ordinal);
        Assert.Contains("[i32 i64] -> [f64]", Assert.Throws<WasmLinkException>(() => instance.GetFunction<Func<int, int>>("add")).Message, StringComparison.Ordinal);
        Assert.False(instance.TryGetFunction<Action>("nothing", out _));
    }
}
