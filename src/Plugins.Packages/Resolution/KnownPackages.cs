using LazyOC.Plugins.Contracts;

namespace LazyOC.Plugins.Packages.Resolution;

/// <summary>The plugins whose versions are known, and the source for others.</summary>
internal sealed class KnownPackages(VersionFetches fetches, SolverLimits limits)
{
    private readonly Dictionary<PluginId, KnownPackage> _packages = [];

    /// <summary>Asks ahead for a plugin that is not known.</summary>
    public void Begin(PluginId id)
    {
        if (!_packages.ContainsKey(id)) fetches.Begin(id);
    }

    /// <summary>A plugin with its versions.</summary>
    public async ValueTask<Outcome<KnownPackage>> LoadAsync(PluginId id)
    {
        if (_packages.TryGetValue(id, out var known)) return known;
        if (_packages.Count >= limits.MaxPackages)
            return new Problem("", $"the plugins need more than {limits.MaxPackages} others", "install fewer at a time");
        if (!(await fetches.AnswerAsync(id)).TryGet(out var answer, out var problems)) return problems;
        if (!KnownPackage.Create(id, _packages.Count, answer, limits).TryGet(out var package, out problems)) return problems;
        _packages.Add(id, package);
        return package;
    }
}
