namespace LazyOC.Plugins.Packages.Resolution;

/// <summary>What solving may take at most; a registry's answers are untrusted, and so are their numbers.</summary>
/// <param name="MaxPackages">Plugins whose versions are asked for.</param>
/// <param name="MaxVersions">Versions of one plugin.</param>
/// <param name="MaxRounds">Decisions and conflicts; the problem is NP-hard, so that some inputs need more than anybody waits for.</param>
/// <param name="MaxJump">
/// Decisions that a conflict takes back. Where it would take back more, it takes back the last only, which is enough, and saves
/// making the others again (Nadel and Ryvchin, Chronological Backtracking, SAT 2018).
/// </param>
/// <param name="MaxParallel">Questions to the source that are under way at a time.</param>
/// <param name="MaxLines">Lines of an explanation; of a longer one the last lines are kept.</param>
/// <param name="MaxRemedies">Changes of the request that are tried for an explanation's hint.</param>
/// <param name="MaxRemedyRounds">Rounds of each such trial.</param>
public sealed record SolverLimits(
    int MaxPackages = 20_000,
    int MaxVersions = 10_000,
    int MaxRounds = 100_000,
    int MaxJump = 100,
    int MaxParallel = 16,
    int MaxLines = 60,
    int MaxRemedies = 12,
    int MaxRemedyRounds = 2_000)
{
    public static SolverLimits Default { get; } = new();
}
