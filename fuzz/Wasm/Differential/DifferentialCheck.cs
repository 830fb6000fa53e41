using System.Collections.Immutable;
using LazyOC.Fuzz.Wasm.Execution;

namespace LazyOC.Fuzz.Wasm.Differential;

/// <summary>Runs one generated module here, as often as metering asks for.</summary>
internal static class DifferentialCheck
{
    /// <summary>Of each call; the hang limit that the generator builds in ends it long before.</summary>
    private const long AmpleFuel = 1L << 40;

    private const int Rounds = 4;
    private const int MaxCalls = 200;

    /// <summary>Every how many seeds the code is also metered.</summary>
    private const int MeteredEvery = 8;

    /// <summary>The export that renews the number of loop iterations and calls which the generator's code permits itself.</summary>
    private const string HangLimit = "hangLimitInitializer";

    /// <summary>Runs the module with arguments that the seed decides.</summary>
    public static EngineRun Run(byte[] bytes, int seed, Watchdog? watchdog = null) => EngineRun.Of(bytes, module =>
    {
        var plan = EdgeValues.Plan(module, Rounds, MaxCalls, HangLimit, new SeededRandom(seed, stream: 1));
        var execution = EngineExecution.Run(module, plan, watchdog: watchdog);
        if (seed % MeteredEvery != 0)
            return (plan, execution, null);
        var first = EngineExecution.Run(module, plan, AmpleFuel, watchdog);
        var second = EngineExecution.Run(module, plan, AmpleFuel, watchdog);
        return (plan, execution with { FuelUsed = first.FuelUsed }, ProblemOf(execution, first, second));
    });

    /// <summary>Metered code must do the same as code that is not, and twice the same with the same fuel.</summary>
    private static string? ProblemOf(ModuleExecution unmetered, ModuleExecution first, ModuleExecution second)
    {
        // How deep calls go depends on the size of frames, which metering changes.
        if (unmetered.End != ExecutionEnd.Finished || first.End != ExecutionEnd.Finished)
            return null;
        if (!first.Lines.SequenceEqual(unmetered.Lines))
            return $"metered code differs: {FirstDifference(unmetered.Lines, first.Lines)}";
        if (!second.Lines.SequenceEqual(first.Lines))
            return $"metered code differs from itself: {FirstDifference(first.Lines, second.Lines)}";
        return first.FuelUsed == second.FuelUsed ? null : $"{first.FuelUsed} fuel used the first time, {second.FuelUsed} the second";
    }

    private static string FirstDifference(ImmutableArray<string> expected, ImmutableArray<string> actual)
    {
        var at = 0;
        while (at < Math.Min(expected.Length, actual.Length) && string.Equals(expected[at], actual[at], StringComparison.Ordinal))
            at++;
        return $"step {at}: `{expected.ElementAtOrDefault(at)}`, then `{actual.ElementAtOrDefault(at)}`";
    }
}
