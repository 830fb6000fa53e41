using System.Collections.Concurrent;
using System.Collections.Immutable;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Versions;
using LazyOC.Plugins.Packages.Resolution;
using static LazyOC.Plugins.Packages.Resolution.Resolution;

namespace LazyOC.Plugins.Packages.Tests;

/// <summary>
/// Plugins of one publisher, a line a version, such as <c>menu 1.0.0: icons ^1, ?theme ^2, host ^2, yanked too old</c>. It
/// notes what it was asked for.
/// </summary>
internal sealed class Universe : IPackageVersions
{
    public static readonly DateTimeOffset Tomorrow = new(2026, 5, 2, 10, 30, 0, TimeSpan.Zero);

    private readonly ConcurrentQueue<PluginId> _asked = new();

    public required ImmutableSortedDictionary<PluginId, ImmutableArray<PackageVersion>> Packages { get; init; }

    /// <summary>In order of asking.</summary>
    public IEnumerable<string> Asked => _asked.Select(id => id.ToString()["acme.".Length..]);

    public static Universe Of(string lines) => new()
    {
        Packages = lines.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(Read)
            .GroupBy(entry => entry.Id, entry => entry.Version)
            .ToImmutableSortedDictionary(group => group.Key, group => group.ToImmutableArray()),
    };

    public static PluginId Id(string name) => PluginId.Parse($"acme.{name}");

    public ValueTask<Outcome<ImmutableArray<PackageVersion>>> VersionsOfAsync(PluginId id, CancellationToken cancellationToken)
    {
        _asked.Enqueue(id);
        return ValueTask.FromResult<Outcome<ImmutableArray<PackageVersion>>>(Packages.GetValueOrDefault(id, []));
    }

    private static (PluginId Id, PackageVersion Version) Read(string line)
    {
        var colon = line.IndexOf(':', StringComparison.Ordinal);
        var head = (colon < 0 ? line : line[..colon]).Split(' ');
        var version = new PackageVersion { Version = SemanticVersion.Parse(head[1]) };
        if (colon < 0) return (Id(head[0]), version);
        foreach (var item in line[(colon + 1)..].Split(',', StringSplitOptions.TrimEntries))
        {
            var (word, rest) = item.IndexOf(' ', StringComparison.Ordinal) is > 0 and var blank ? (item[..blank], item[(blank + 1)..]) : (item, "");
            version = word switch
            {
                "host" => version with { Host = VersionRange.Parse(rest) },
                "yanked" => version with { Filtered = new Filter.Yanked(rest) },
                "quarantined" => version with { Filtered = new Filter.Quarantined(rest) },
                "killed" => version with { Filtered = new Filter.Killed(rest) },
                "cooling" => version with { Filtered = new Filter.CoolingDown(Tomorrow) },
                ['?', .. var optional] => version with { OptionalDependencies = version.OptionalDependencies.Add(Id(optional), VersionRange.Parse(rest)) },
                _ => version with { Dependencies = version.Dependencies.Add(Id(word), VersionRange.Parse(rest)) },
            };
        }
        return (Id(head[0]), version);
    }
}

/// <summary>Requests in few words.</summary>
internal static class Request
{
    /// <param name="roots">Such as <c>menu ^1</c>, separated by commas.</param>
    /// <param name="locked">Such as <c>menu 1.0.0</c>, separated by commas.</param>
    /// <param name="unlock">Names, separated by commas.</param>
    /// <param name="host">The host API.</param>
    public static ResolutionRequest Of(string roots, string locked = "", string unlock = "", string host = "1.0.0") => new()
    {
        Roots = [.. Items(roots).Select(item => new RootRequirement(Universe.Id(item.Name), VersionRange.Parse(item.Tail), "you asked for it"))],
        Locked = Items(locked).ToImmutableSortedDictionary(item => Universe.Id(item.Name), item => SemanticVersion.Parse(item.Tail)),
        Unlock = [.. Items(unlock).Select(item => Universe.Id(item.Name))],
        HostApi = SemanticVersion.Parse(host),
    };

    /// <summary>The solution, such as <c>icons 1.0.0, menu 1.2.0</c>.</summary>
    public static async Task<string> SolveAsync(this IPackageVersions versions, ResolutionRequest request, SolverLimits? limits = null) =>
        await VersionSolver.SolveAsync(request, versions, limits) switch
        {
            Solved solved => string.Join(", ", solved.Versions.Select(entry => $"{entry.Key.ToString()["acme.".Length..]} {entry.Value}")),
            Unsolvable(var explanation) => explanation.ToString(),
            Refused(var problems) => Problem.Join(problems),
            var other => throw new InvalidOperationException($"Solving ended in {other}."),
        };

    private static IEnumerable<(string Name, string Tail)> Items(string text) =>
        text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(item => item.IndexOf(' ', StringComparison.Ordinal) is > 0 and var blank ? (item[..blank], item[(blank + 1)..]) : (item, ""));
}
