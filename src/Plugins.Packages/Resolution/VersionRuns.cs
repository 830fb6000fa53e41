using LazyOC.Plugins.Contracts.Versions;

namespace LazyOC.Plugins.Packages.Resolution;

/// <summary>Describes some of a plugin's versions by bounds instead of naming each: in npm's syntax, and right for the versions there are.</summary>
internal static class VersionRuns
{
    public static string Describe(KnownPackage package, StateSet versions)
    {
        var runs = new List<string>();
        // Bounds hold no prereleases, which are therefore described by themselves, one version's at a time.
        int[] releases = [.. States(package).Where(state => !package[state].Version.IsPrerelease)];
        AddRuns(runs, package, releases, versions, isOpen: true);
        foreach (var tags in States(package).Where(state => package[state].Version.IsPrerelease).GroupBy(state => Release(package[state].Version)))
            AddRuns(runs, package, [.. tags], versions, isOpen: false);
        return string.Join(" || ", runs);
    }

    private static IEnumerable<int> States(KnownPackage package) => Enumerable.Range(1, package.StateCount - 1);

    private static (System.Numerics.BigInteger, System.Numerics.BigInteger, System.Numerics.BigInteger) Release(SemanticVersion version) => (version.Major, version.Minor, version.Patch);

    /// <param name="runs">Where they go.</param>
    /// <param name="package">The plugin.</param>
    /// <param name="states">Versions next to each other, in order.</param>
    /// <param name="versions">Those to describe.</param>
    /// <param name="isOpen">Whether a run to the first or last of them may go without that bound.</param>
    private static void AddRuns(List<string> runs, KnownPackage package, ReadOnlySpan<int> states, StateSet versions, bool isOpen)
    {
        for (var from = 0; from < states.Length; from++)
        {
            if (!versions.Contains(states[from])) continue;
            var to = from;
            while (to + 1 < states.Length && versions.Contains(states[to + 1])) to++;
            var (first, last) = (package[states[from]].Version, package[states[to]].Version);
            var (fromStart, toEnd) = (isOpen && from == 0, isOpen && to == states.Length - 1);
            runs.Add((fromStart, toEnd, from == to) switch
            {
                (true, true, false) => "*",
                (_, _, true) => $"{first}",
                (true, _, _) => $"<={last}",
                (_, true, _) => $">={first}",
                _ => $">={first} <={last}",
            });
            from = to;
        }
    }
}
