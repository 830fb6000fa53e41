using System.Collections.Immutable;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Plugins.Packages.Resolution;

/// <summary>Finds versions of plugins that fit together, or says why there are none.</summary>
public static class VersionSolver
{
    /// <summary>
    /// Solves a request by PubGrub. The answer depends on the request and on what the versions are, and not on the order in
    /// which the source answers.
    /// </summary>
    /// <param name="request">What is wanted.</param>
    /// <param name="versions">Asked only for plugins that the solution may need.</param>
    /// <param name="limits"><see cref="SolverLimits.Default"/> when null.</param>
    /// <param name="cancellationToken">Looked at in every round.</param>
    /// <exception cref="OperationCanceledException">It was cancelled; the source is no longer asked.</exception>
    public static async Task<Resolution> SolveAsync(
        ResolutionRequest request, IPackageVersions versions, SolverLimits? limits = null, CancellationToken cancellationToken = default)
    {
        limits ??= SolverLimits.Default;
        await using var fetches = new VersionFetches(versions, limits, cancellationToken);
        var packages = new KnownPackages(fetches, limits);
        switch (await new Solving(request, new Conditions(request.HostApi), packages, limits, cancellationToken).RunAsync())
        {
            case Ending.Solved(var decisions):
                return ToResolution(decisions);
            case Ending.Refused(var problems):
                return new Resolution.Refused(problems);
            case Ending.Failed(var proof):
                var remedy = await new RemedySearch(request, packages, limits, cancellationToken).FindAsync(proof);
                return new Resolution.Unsolvable(new Explanation(ExplanationWriter.Write(proof, limits.MaxLines), remedy, proof));
            case var other:
                throw new InvalidOperationException($"Solving ended in {other}.");
        }
    }

    private static Resolution.Solved ToResolution(ImmutableArray<(KnownPackage Package, int State)> decisions)
    {
        var neededBy = decisions.ToDictionary(decision => decision.Package.Id, _ => new SortedSet<PluginId>());
        foreach (var (package, state) in decisions)
            foreach (var dependency in package[state].Dependencies.Keys) neededBy[dependency].Add(package.Id);
        return new Resolution.Solved(
            decisions.ToImmutableSortedDictionary(decision => decision.Package.Id, decision => decision.Package[decision.State].Version),
            neededBy.ToImmutableSortedDictionary(entry => entry.Key, entry => entry.Value.ToImmutableArray()));
    }
}
