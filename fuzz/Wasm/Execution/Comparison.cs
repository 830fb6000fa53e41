using System.Collections.Immutable;

namespace LazyOC.Fuzz.Wasm.Execution;

/// <summary>How the outcomes of one module in two engines compare.</summary>
/// <param name="Difference">The first, or <see langword="null"/>.</param>
/// <param name="Compared">Lines that were the same.</param>
/// <param name="EndedByHost">
/// Whether something ended the comparison that is each engine's own: the stack of a call, or memory that V8 could not get.
/// </param>
internal readonly record struct Comparison(string? Difference, int Compared, bool EndedByHost)
{
    private const string Refused = "refused: ";

    private const string NoMemory = "no-memory";

    /// <summary>Compares with V8's answer to the module and plan of <paramref name="run"/>.</summary>
    public static Comparison Of(EngineRun run, string answer)
    {
        if (run.Problem is not null)
            return new Comparison(run.Problem, 0, false);
        var isRefused = answer.StartsWith(Refused, StringComparison.Ordinal);
        if (run.Refusal is { } refusal)
            return new Comparison(isRefused ? null : $"we refuse the module ({refusal.Message}), V8 does not", 0, false);
        if (isRefused)
            return new Comparison($"V8 refuses the module ({answer[Refused.Length..]}), we do not", 0, false);
        return Of(run.Execution!.Lines, answer.Split('\n'), run.Plan);
    }

    private static Comparison Of(ImmutableArray<string> ours, string[] theirs, CallPlan plan)
    {
        for (var i = 0; i < Math.Min(ours.Length, theirs.Length); i++)
        {
            if (IsHosts(ours[i]) || IsHosts(theirs[i]))
                return new Comparison(null, i, EndedByHost: true);
            if (!TrapKinds.Agree(ours[i], theirs[i]))
                return new Comparison($"step {i}, {StepText(plan, i - 1)}: we say `{ours[i]}`, V8 says `{theirs[i]}`", i, false);
        }
        // Ours may have one more: the call that a limit of this engine ended, which V8 was not asked for.
        return theirs.Length == ours.Length || theirs.Length == plan.Steps.Length + 1
            ? new Comparison(null, theirs.Length, false)
            : new Comparison($"{ours.Length} outcomes here, {theirs.Length} in V8", theirs.Length, false);
    }

    private static bool IsHosts(string line) => TrapKinds.Word(line) is TrapKinds.Stack or NoMemory;

    private static string StepText(CallPlan plan, int step) => step < 0 ? "instantiation" : plan.Steps[step]?.ToString() ?? "state";
}
