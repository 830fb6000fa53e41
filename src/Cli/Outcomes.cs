using LazyOC.Plugins.Contracts;

namespace LazyOC.Cli;

internal static class Outcomes
{
    /// <summary>The value, or the problems as a user error.</summary>
    /// <param name="outcome">What came of it.</param>
    /// <param name="exitCode">Exit code of the refusal; of what may pass it is <see cref="ExitCode.Unavailable"/>.</param>
    /// <param name="what">What was refused, such as a file name; empty when the problems say it.</param>
    /// <param name="hint">What to do when the problem itself does not say.</param>
    /// <exception cref="UserError">It was refused.</exception>
    public static T OrThrow<T>(this Outcome<T> outcome, int exitCode, string what = "", string? hint = null)
    {
        if (outcome.TryGet(out var value, out var problems)) return value;
        if (problems.Any(problem => problem.MayPass)) exitCode = ExitCode.Unavailable;
        var prefix = what.Length == 0 ? "" : what + ": ";
        return problems.Length == 1
            ? throw new UserError(exitCode, prefix + (problems[0] with { Hint = null }), problems[0].Hint ?? hint)
            : throw new UserError(exitCode, $"{prefix}{problems.Length} problems\n\n{Problem.Join(problems)}", hint);
    }
}
