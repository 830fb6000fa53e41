using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Versions;

namespace LazyOC.Plugins.Packages.Resolution;

/// <summary>The incompatibilities of one run: facts, stated when the plugin they are about is looked at, and what was learned.</summary>
internal sealed class Premises(ResolutionRequest request, Conditions conditions)
{
    private readonly Dictionary<PluginId, KnownPackage> _met = [];

    /// <summary>By the plugin's index, oldest first.</summary>
    private readonly List<PackagePremises?> _about = [];

    /// <summary>Optional dependencies on plugins that are not known, and may never have to be.</summary>
    private readonly Dictionary<PluginId, List<(KnownPackage Depender, StateSet Versions, VersionRange Range)>> _waiting = [];

    private sealed class PackagePremises
    {
        public List<Incompatibility> Incompatibilities { get; } = [];

        /// <summary>Versions whose dependency on a plugin was stated; an optional one is told apart.</summary>
        public Dictionary<(PluginId, bool), StateSet> Stated { get; } = [];
    }

    public List<Incompatibility> About(KnownPackage package) => Of(package).Incompatibilities;

    public void Add(Incompatibility incompatibility)
    {
        foreach (var term in incompatibility.Terms) Of(term.Package).Incompatibilities.Add(incompatibility);
    }

    /// <summary>States which versions of a plugin cannot be chosen whatever else is, and what waited for it.</summary>
    public void Meet(KnownPackage package)
    {
        if (!_met.TryAdd(package.Id, package)) return;
        var groups = new Dictionary<object, (int First, StateSet Versions)>();
        var locked = request.LockedVersion(package.Id);
        for (var state = 1; state < package.StateCount; state++)
        {
            var version = package[state];
            if (version.Filtered is { } filter && !IsLetThrough(filter, version.Version, locked)) Note(filter, state);
            if (conditions.HostApi is { } host && !version.Host.Contains(host)) Note(version.Host, state);
        }
        foreach (var (why, (_, versions)) in groups.OrderBy(group => group.Value.First))
        {
            Cause cause = why is Filter filter ? new Cause.Filtered(package, versions, filter) : new Cause.NeedsHost(package, versions, (VersionRange)why, conditions.HostApi!);
            Add(Incompatibility.Of(cause, new Term(package, versions))!);
        }
        if (!_waiting.Remove(package.Id, out var waiting)) return;
        foreach (var (depender, versions, range) in waiting) StateOptional(depender, versions, package, range);

        void Note(object why, int state) =>
            groups[why] = groups.TryGetValue(why, out var group) ? group with { Versions = group.Versions.Union(package.Only(state)) } : (state, package.Only(state));
    }

    /// <summary>States a requirement of the request, whose plugin was met.</summary>
    public Incompatibility Want(RootRequirement root)
    {
        var package = _met[root.Id];
        var wanted = Incompatibility.Of(new Cause.Wanted(package, root), new Term(package, package.Everything.Except(package.Matching(root.Range))))!;
        Add(wanted);
        return wanted;
    }

    /// <summary>Dependencies of a version that were not met.</summary>
    public List<PluginId> Unmet(KnownPackage package, int state)
    {
        var unmet = new List<PluginId>();
        foreach (var id in package[state].Dependencies.Keys)
            if (!_met.ContainsKey(id)) unmet.Add(id);
        return unmet;
    }

    /// <summary>States the dependencies of a version, as far as they were met; gives what was not stated before.</summary>
    public List<Incompatibility> State(KnownPackage package, int state)
    {
        var added = new List<Incompatibility>();
        foreach (var (id, range) in package[state].Dependencies)
        {
            if (!_met.TryGetValue(id, out var dependee) || VersionsToState(package, state, id, range, optional: false) is not { } versions) continue;
            var absent = dependee.Everything.Except(dependee.Matching(range));
            if (Incompatibility.Of(new Cause.Dependency(package, versions, dependee, range), new Term(package, versions), new Term(dependee, absent)) is not { } fact) continue;
            Add(fact);
            added.Add(fact);
        }
        foreach (var (id, range) in package[state].OptionalDependencies)
        {
            if (VersionsToState(package, state, id, range, optional: true) is not { } versions) continue;
            if (_met.TryGetValue(id, out var dependee))
            {
                if (StateOptional(package, versions, dependee, range) is { } fact) added.Add(fact);
            }
            else if (_waiting.TryGetValue(id, out var waiting)) waiting.Add((package, versions, range));
            else _waiting.Add(id, [(package, versions, range)]);
        }
        return added;
    }

    private bool IsLetThrough(Filter filter, SemanticVersion version, SemanticVersion? locked) => filter switch
    {
        Filter.Yanked => version == locked,
        Filter.CoolingDown => !conditions.CoolingCounts,
        _ => false,
    };

    private Incompatibility? StateOptional(KnownPackage depender, StateSet versions, KnownPackage dependee, VersionRange range)
    {
        var fact = Incompatibility.Of(
            new Cause.OptionalDependency(depender, versions, dependee, range), new Term(depender, versions), new Term(dependee, dependee.Present.Except(dependee.Matching(range))));
        if (fact is not null) Add(fact);
        return fact;
    }

    /// <summary>The versions whose dependency is to be stated with the version's; null when it was.</summary>
    private StateSet? VersionsToState(KnownPackage package, int state, PluginId id, VersionRange range, bool optional)
    {
        var stated = Of(package).Stated;
        var isFirst = !stated.TryGetValue((id, optional), out var before);
        if (!isFirst && before.Contains(state)) return null;
        var versions = package.SharingDependency(state, id, range, optional);
        stated[(id, optional)] = isFirst ? versions : before.Union(versions);
        return versions;
    }

    private PackagePremises Of(KnownPackage package)
    {
        while (_about.Count <= package.Index) _about.Add(null);
        return _about[package.Index] ??= new PackagePremises();
    }
}
