using LazyOC.Wasm.Tests.Compilation;

namespace LazyOC.Wasm.Tests.Execution;

/// <summary>
/// The same module, input and fuel stop at the same instruction, however its code came about. The figures follow from
/// the text of the fixture alone, where each cost is noted.
/// </summary>
public sealed class FuelTests
{
    private const int Many = 1_000;

    private static readonly (string Name, Func<WasmModule> Load)[] Translations =
    [
        ("as it is called", () => Fixture.Load("fuel")),
        ("callees first", () => Translated(callersFirst: false)),
        ("callers first", () => Translated(callersFirst: true)),
        ("by the build", () => Persisted.Load("fuel", metered: true)),
    ];

    [Theory]
    // An iteration and a mark.
    [InlineData("loop", 7, 7 * 13, 7)]
    // A call and a mark, for each number down to 0.
    [InlineData("recurse", 9, 10 * 14, 10)]
    // Even numbers mark twice.
    [InlineData("indirect", 4, (2 * 27) + (2 * 19), 6)]
    public void Call_ThatReturns_CostsWhatItsInstructionsCost(string function, int argument, long fuel, int count)
    {
        AssertEnd(function, argument, fuel, count, left: 0, end: null);
        // One unit less does not suffice: the last mark is not made.
        AssertEnd(function, argument, fuel - 1, count - 1, left: -1, TrapCode.FuelExhausted);
    }

    [Theory]
    [InlineData("loop", 5, 0, -1)]
    [InlineData("loop", 96, 7, -1)]
    [InlineData("loop", 100, 7, -4)]
    [InlineData("loop", 650, 50, -6)]
    [InlineData("recurse", 6, 0, -1)]
    [InlineData("recurse", 100, 7, -5)]
    [InlineData("recurse", 104, 7, -1)]
    [InlineData("recurse", 105, 7, -7)]
    [InlineData("indirect", 100, 6, -3)]
    [InlineData("indirect", 105, 6, -7)]
    [InlineData("indirect", 112, 7, -7)]
    public void Call_WithoutEnoughFuel_StopsInTheSameStateEverywhere(string function, long fuel, int count, long left) =>
        AssertEnd(function, Many, fuel, count, left, TrapCode.FuelExhausted);

    private static void AssertEnd(string function, int argument, long fuel, int count, long left, TrapCode? end)
    {
        foreach (var (translation, load) in Translations)
        {
            var module = load();
            foreach (var run in (ReadOnlySpan<string>)["first run", "second run"])
            {
                using var instance = module.Instantiate(new WasmLinker(), new InstanceOptions { Fuel = fuel });
                var trap = TrapOf(() => instance.GetFunction<Action<int>>(function)(argument));
                Assert.Equal(
                    (translation, run, end, count, count, left),
                    (translation, run, trap?.Code, (int)instance.GetGlobal("count")!.Value!, instance.Memory.Read<int>(8), instance.Fuel));
            }
        }
    }

    private static TrapException? TrapOf(Action action)
    {
        try
        {
            action();
            return null;
        }
        catch (TrapException trap)
        {
            return trap;
        }
    }

    /// <summary>The fixture, every function of which is translated before one is called.</summary>
    private static WasmModule Translated(bool callersFirst)
    {
        var module = Fixture.Load("fuel");
        var functions = Enumerable.Range(0, module.Definition.Functions.Length);
        foreach (var function in callersFirst ? functions.Reverse() : functions)
            module.Code(metered: true).AddressOf(function);
        return module;
    }
}
