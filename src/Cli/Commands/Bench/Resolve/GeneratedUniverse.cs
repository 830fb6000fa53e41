using System.Collections.Immutable;
using System.Globalization;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Versions;
using LazyOC.Plugins.Packages.Resolution;

namespace LazyOC.Cli.Commands.Bench.Resolve;

/// <summary>Plugins that are made up, the same ones for the same seed, and what is wanted of them.</summary>
internal sealed record GeneratedUniverse(ImmutableArray<RootRequirement> Roots, ImmutableSortedDictionary<PluginId, ImmutableArray<PackageVersion>> Packages)
{
    private static readonly VersionRange AnyRelease = VersionRange.Parse("*");

    public ResolutionRequest Request => new() { Roots = Roots, HostApi = SemanticVersion.Parse("1.0.0") };

    /// <summary>Like a registry: few plugins that many need, carets on what was the newest at the time, newer versions that fit nothing yet.</summary>
    /// <remarks>A solution is planted: of some plugins the newest versions are at odds with it, or need another host.</remarks>
    public static GeneratedUniverse RealShaped(int packages, int versions, int seed) => new RegistryShape(packages, versions, new Random(seed)).Make();

    /// <summary>
    /// A chain of plugins, each version of which needs the same version of the next; all but the first versions of the last
    /// are broken, which shows only there.
    /// </summary>
    public static GeneratedUniverse Backtracking(int packages, int versions) => new(
        [new RootRequirement(Id(0), AnyRelease, "you asked for it")],
        Enumerable.Range(0, packages).ToImmutableSortedDictionary(Id, package => Enumerable.Range(1, versions).Select(version => new PackageVersion
        {
            Version = Version(version),
            Dependencies = (package < packages - 1, version) switch
            {
                (true, _) => Needs(package + 1, VersionRange.Exactly(Version(version))),
                (false, 1) => ImmutableSortedDictionary<PluginId, VersionRange>.Empty,
                _ => Needs(packages, AnyRelease),
            },
        }).ToImmutableArray()));

    /// <summary>One plugin, all versions of which need another that nobody has.</summary>
    public static GeneratedUniverse MissingDependency(int versions) => new(
        [new RootRequirement(Id(0), AnyRelease, "you asked for it")],
        ImmutableSortedDictionary<PluginId, ImmutableArray<PackageVersion>>.Empty.Add(
            Id(0), [.. Enumerable.Range(1, versions).Select(version => new PackageVersion { Version = Version(version), Dependencies = Needs(1, AnyRelease) })]));

    /// <summary>The same with one more wish, for the oldest version of a plugin, which does not go with the others.</summary>
    public async Task<GeneratedUniverse> WithConflictAsync()
    {
        foreach (var (id, versions) in Packages)
        {
            var oldest = versions[0].Version;
            var wider = this with { Roots = Roots.Add(new RootRequirement(id, VersionRange.Exactly(oldest), "installed at your request")) };
            if (versions.Length > 4 && !Roots.Any(root => root.Id == id) && await VersionSolver.SolveAsync(wider.Request, new FixedVersions(Packages)) is Resolution.Unsolvable) return wider;
        }
        throw new InvalidOperationException("Nothing is at odds with anything in this universe.");
    }

    internal static PluginId Id(int package) => PluginId.Parse(string.Create(CultureInfo.InvariantCulture, $"acme.p{package:D5}"));

    private static SemanticVersion Version(int major) => SemanticVersion.Parse(string.Create(CultureInfo.InvariantCulture, $"{major}.0.0"));

    private static ImmutableSortedDictionary<PluginId, VersionRange> Needs(int package, VersionRange range) => ImmutableSortedDictionary<PluginId, VersionRange>.Empty.Add(Id(package), range);
}
