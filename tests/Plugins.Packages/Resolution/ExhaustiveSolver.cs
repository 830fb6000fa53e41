using System.Collections.Immutable;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Versions;
using LazyOC.Plugins.Packages.Resolution;

namespace LazyOC.Plugins.Packages.Tests;

/// <summary>Tries everything, to know for sure.</summary>
internal sealed class ExhaustiveSolver(ImmutableSortedDictionary<PluginId, ImmutableArray<PackageVersion>> packages, ResolutionRequest request)
{
    public bool IsSolvable => Search([]);

    /// <summary>Whether a solution holds what the request says, by the definition.</summary>
    public bool IsSolution(ImmutableSortedDictionary<PluginId, SemanticVersion> versions)
    {
        var chosen = versions.ToImmutableDictionary(entry => entry.Key, entry => packages[entry.Key].Single(version => version.Version == entry.Value));
        return chosen.All(entry => MayBeChosen(entry.Key, entry.Value)) && !Requirements(chosen).Any(need => !chosen.ContainsKey(need.Id)) && IsConsistent(chosen) && IsReached(chosen);
    }

    /// <summary>Whether assignments exist for which a proof's facts all hold.</summary>
    public static bool CanHold(ImmutableArray<Cause> facts)
    {
        KnownPackage[] all = [.. facts.SelectMany(PackagesOf).Distinct()];
        var facing = all.Select((package, i) => facts.Where(fact => PackagesOf(fact).Contains(package) && PackagesOf(fact).All(other => Array.IndexOf(all, other) <= i)).ToArray()).ToArray();
        var states = new Dictionary<KnownPackage, int>();
        return Assign(0);

        bool Assign(int at)
        {
            if (at == all.Length) return true;
            for (var state = 0; state < all[at].StateCount; state++)
            {
                states[all[at]] = state;
                if (facing[at].All(fact => Holds(fact, states)) && Assign(at + 1)) return true;
            }
            return false;
        }
    }

    /// <summary>Whether a fact is what the universe and the request say.</summary>
    public bool IsTrue(Cause fact) => fact switch
    {
        Cause.Wanted(_, var requirement) => request.Roots.Contains(requirement),
        Cause.Dependency(var depender, var versions, var dependee, var range) => Versions(depender, versions).All(version => version.Dependencies[dependee.Id].Equals(range)),
        Cause.OptionalDependency(var depender, var versions, var dependee, var range) => Versions(depender, versions).All(version => version.OptionalDependencies[dependee.Id].Equals(range)),
        Cause.Filtered(var package, var versions, var filter) => Versions(package, versions).All(version => version.Filtered == filter && !MayBeChosen(package.Id, version)),
        Cause.NeedsHost(var package, var versions, var range, var host) => host == request.HostApi && Versions(package, versions).All(version => version.Host.Equals(range) && !range.Contains(host)),
        _ => false,
    };

    private static IEnumerable<KnownPackage> PackagesOf(Cause fact) => fact switch
    {
        Cause.Wanted(var package, _) => [package],
        Cause.Dependency(var depender, _, var dependee, _) => [depender, dependee],
        Cause.OptionalDependency(var depender, _, var dependee, _) => [depender, dependee],
        Cause.Filtered(var package, _, _) => [package],
        Cause.NeedsHost(var package, _, _, _) => [package],
        _ => throw new InvalidOperationException($"{fact} is no fact."),
    };

    private static bool Holds(Cause fact, Dictionary<KnownPackage, int> states) => fact switch
    {
        Cause.Wanted(var package, var requirement) => IsIn(states, package, requirement.Range),
        Cause.Dependency(var depender, var versions, var dependee, var range) => !IsOne(states, depender, versions) || IsIn(states, dependee, range),
        Cause.OptionalDependency(var depender, var versions, var dependee, var range) => !IsOne(states, depender, versions) || states[dependee] == 0 || IsIn(states, dependee, range),
        Cause.Filtered(var package, var versions, _) => !IsOne(states, package, versions),
        Cause.NeedsHost(var package, var versions, _, _) => !IsOne(states, package, versions),
        _ => false,
    };

    private static bool IsOne(Dictionary<KnownPackage, int> states, KnownPackage package, StateSet versions) => states[package] > 0 && versions.Contains(states[package]);

    private static bool IsIn(Dictionary<KnownPackage, int> states, KnownPackage package, VersionRange range) => states[package] > 0 && range.Contains(package[states[package]].Version);

    private IEnumerable<PackageVersion> Versions(KnownPackage package, StateSet states)
    {
        foreach (var version in packages.GetValueOrDefault(package.Id, []))
            if (states.Contains(package.StateOf(version.Version)!.Value)) yield return version;
    }

    private bool Search(ImmutableDictionary<PluginId, PackageVersion> chosen)
    {
        if (!IsConsistent(chosen)) return false;
        foreach (var (id, range) in Requirements(chosen))
        {
            if (chosen.ContainsKey(id)) continue;
            return packages.GetValueOrDefault(id, []).Any(version => range.Contains(version.Version) && MayBeChosen(id, version) && Search(chosen.Add(id, version)));
        }
        return true;
    }

    private IEnumerable<(PluginId Id, VersionRange Range)> Requirements(ImmutableDictionary<PluginId, PackageVersion> chosen) =>
        request.Roots.Select(root => (root.Id, root.Range)).Concat(chosen.Values.SelectMany(version => version.Dependencies.Select(entry => (entry.Key, entry.Value))));

    private bool IsConsistent(ImmutableDictionary<PluginId, PackageVersion> chosen) =>
        Requirements(chosen).Concat(chosen.Values.SelectMany(version => version.OptionalDependencies.Select(entry => (Id: entry.Key, Range: entry.Value))))
            .All(need => !chosen.TryGetValue(need.Id, out var version) || need.Range.Contains(version.Version));

    /// <summary>Whether everything is there because something needs it.</summary>
    private bool IsReached(ImmutableDictionary<PluginId, PackageVersion> chosen)
    {
        var reached = request.Roots.Select(root => root.Id).ToHashSet();
        var open = new Queue<PluginId>(reached);
        while (open.TryDequeue(out var id))
            foreach (var dependency in chosen[id].Dependencies.Keys)
                if (reached.Add(dependency)) open.Enqueue(dependency);
        return reached.SetEquals(chosen.Keys);
    }

    private bool MayBeChosen(PluginId id, PackageVersion version) =>
        version.Host.Contains(request.HostApi)
        && (version.Filtered is null || (version.Filtered is Filter.Yanked && !request.Unlock.Contains(id) && request.Locked.GetValueOrDefault(id) == version.Version));
}
