namespace LazyOC.Wasm.Tests.Execution;

/// <summary>Where the names in a trap's stack come from.</summary>
public sealed class GuestStackTests
{
    private const string Export = "known to the host as this";

    [Fact]
    public void GuestStack_OfFunctionsThatAreNotExported_HasTheirNamesOfTheNameSection() =>
        Assert.Equal(["inside", "between", "outside"], StackOf(WasmLimits.Default));

    [Fact]
    public void GuestStack_WithoutANameSection_HasExportsAndIndices() =>
        Assert.Equal(["func[0]", "func[1]", Export], StackOf(new WasmLimits { NameSectionBytes = 8 }));

    /// <summary>The functions that ran, innermost first; how often the recursion is in it is the code generator's affair.</summary>
    private static IEnumerable<string> StackOf(WasmLimits limits)
    {
        using var instance = WasmModule.Load(Fixture.Bytes("names"), limits).Instantiate(new WasmLinker());
        var trap = Fixture.Trap(() => instance.GetFunction<Action>(Export)());
        Assert.Equal(TrapCode.Unreachable, trap.Code);
        return trap.GuestStack.Distinct();
    }
}
