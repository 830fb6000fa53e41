using System.Collections.Immutable;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Versions;

namespace LazyOC.Plugins.Packages.Resolution;

/// <summary>Looks for a change with which there is a solution, by solving again with each that the proof suggests.</summary>
internal sealed class RemedySearch(ResolutionRequest request, KnownPackages packages, SolverLimits limits, CancellationToken cancellationToken)
{
    private static readonly ImmutableArray<VersionRange> Widest = [VersionRange.Parse("*"), VersionRange.All];
    private int _left = limits.MaxRemedies;

    public async Task<Remedy?> FindAsync(Incompatibility proof)
    {
        ImmutableArray<Cause> facts = [.. proof.Facts().Select(fact => fact.Cause)];
        var wanted = request.Roots.Where(root => facts.Any(fact => fact is Cause.Wanted(_, var of) && of == root)).Select(root => root.Id).Distinct().ToImmutableArray();
        return await AskForAsync(wanted, facts)
            ?? (facts.OfType<Cause.Filtered>().Any(fact => fact.Filter is Filter.CoolingDown) ? await WaitAsync() : null)
            ?? (facts.OfType<Cause.NeedsHost>().Any() ? await UpdateHostAsync() : null)
            ?? await LeaveOutAsync(wanted)
            ?? Unknown(facts)
            ?? new Remedy.AwaitVersion(facts.OfType<Cause.Dependency>().FirstOrDefault(fact => fact.Dependee.Matching(fact.Range).IsEmpty)?.Depender.Id ?? wanted[0]);
    }

    private async Task<Remedy?> AskForAsync(ImmutableArray<PluginId> wanted, ImmutableArray<Cause> facts)
    {
        foreach (var id in wanted)
        {
            if (facts.OfType<Cause.Wanted>().First(fact => fact.Package.Id == id).Package.Present.IsEmpty) continue;
            foreach (var range in Widest)
            {
                var roots = request.Roots.Select(root => root.Id == id ? root with { Range = range } : root);
                if (await TryAsync([.. roots], new Conditions(request.HostApi)) is not { } solution) continue;
                var (package, state) = solution.Single(decision => decision.Package.Id == id);
                return new Remedy.AskFor(id, package[state].Version);
            }
        }
        return null;
    }

    private async Task<Remedy?> WaitAsync() =>
        await TryAsync(request.Roots, new Conditions(request.HostApi, CoolingCounts: false)) is { } solution
            ? new Remedy.Wait(solution.Select(decision => decision.Package[decision.State].Filtered).OfType<Filter.CoolingDown>().Max(filter => filter.Until))
            : null;

    private async Task<Remedy?> UpdateHostAsync()
    {
        if (await TryAsync(request.Roots, new Conditions(HostApi: null)) is not { } solution) return null;
        var hosts = solution.Aggregate(VersionRange.All, (range, decision) => range.Intersect(decision.Package[decision.State].Host));
        return hosts.IsEmpty ? null : new Remedy.UpdateHost(hosts);
    }

    private async Task<Remedy?> LeaveOutAsync(ImmutableArray<PluginId> wanted)
    {
        foreach (var id in wanted)
        {
            ImmutableArray<RootRequirement> others = [.. request.Roots.Where(root => root.Id != id)];
            if (!others.IsEmpty && await TryAsync(others, new Conditions(request.HostApi)) is not null) return new Remedy.LeaveOut(id);
        }
        return null;
    }

    private static Remedy? Unknown(ImmutableArray<Cause> facts)
    {
        foreach (var fact in facts)
        {
            if (fact is Cause.Wanted { Package: { Present.IsEmpty: true, Id: var wanted } }) return new Remedy.FindRegistry(wanted, IsWanted: true);
            if (fact is Cause.Dependency { Dependee: { Present.IsEmpty: true, Id: var dependee } }) return new Remedy.FindRegistry(dependee, IsWanted: false);
        }
        return null;
    }

    /// <summary>The solution of another request; null when there is none, or it takes too long to find out.</summary>
    private async Task<ImmutableArray<(KnownPackage Package, int State)>?> TryAsync(ImmutableArray<RootRequirement> roots, Conditions conditions)
    {
        if (--_left < 0) return null;
        var solving = new Solving(request with { Roots = roots }, conditions, packages, limits with { MaxRounds = limits.MaxRemedyRounds }, cancellationToken);
        return await solving.RunAsync() is Ending.Solved(var decisions) ? decisions : null;
    }
}
