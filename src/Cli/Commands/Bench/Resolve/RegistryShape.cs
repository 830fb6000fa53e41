using System.Collections.Immutable;
using System.Globalization;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Versions;
using LazyOC.Plugins.Packages.Resolution;

namespace LazyOC.Cli.Commands.Bench.Resolve;

/// <summary>Makes up a registry. A plugin needs only plugins after it, the last of which are those that many need.</summary>
internal sealed class RegistryShape
{
    private const int MostDependencies = 5;

    /// <summary>Of a hundred plugins, those whose newest versions do not go with the solution.</summary>
    private const int AheadPercent = 15;

    /// <summary>Of a hundred dependencies, those on what many need.</summary>
    private const int PopularPercent = 35;

    private readonly Random _random;
    private readonly SemanticVersion[][] _versions;

    /// <summary>The version of each plugin that belongs to the planted solution.</summary>
    private readonly int[] _planted;

    /// <summary>Ranges by their text: a registry's reader shares them, too.</summary>
    private readonly Dictionary<string, VersionRange> _ranges = new(StringComparer.Ordinal);

    public RegistryShape(int packages, int versions, Random random)
    {
        _random = random;
        var counts = new int[packages];
        Array.Fill(counts, 1);
        // Who has many versions gets more of them.
        var owners = Enumerable.Range(0, packages).ToList();
        while (owners.Count < versions)
        {
            var owner = owners[random.Next(owners.Count)];
            counts[owner]++;
            owners.Add(owner);
        }
        _versions = [.. counts.Select(Numbers)];
        _planted = [.. counts.Select(count => random.Next(100) < AheadPercent ? Math.Max(0, count - random.Next(2, 4)) : count - 1)];
    }

    public GeneratedUniverse Make()
    {
        var packages = ImmutableSortedDictionary.CreateBuilder<PluginId, ImmutableArray<PackageVersion>>();
        var needed = new HashSet<int>();
        for (var package = 0; package < _versions.Length; package++)
        {
            var dependencies = Dependencies(package);
            needed.UnionWith(dependencies);
            packages.Add(GeneratedUniverse.Id(package), [.. Enumerable.Range(0, _versions[package].Length).Select(version => Make(package, version, dependencies))]);
        }
        var roots = Enumerable.Range(0, _versions.Length).Where(package => !needed.Contains(package))
            .Select(package => new RootRequirement(GeneratedUniverse.Id(package), _random.Next(2) == 0 ? Range("*") : Holding(package, Planted(package)), "you asked for it"));
        return new GeneratedUniverse([.. roots], packages.ToImmutable());
    }

    private SemanticVersion Planted(int package) => _versions[package][_planted[package]];

    private SemanticVersion[] Numbers(int count)
    {
        var (major, minor, patch) = (1, 0, 0);
        var numbers = new SemanticVersion[count];
        for (var i = 0; i < count; i++)
        {
            numbers[i] = SemanticVersion.Parse(string.Create(CultureInfo.InvariantCulture, $"{major}.{minor}.{patch}"));
            (major, minor, patch) = _random.Next(10) switch { 0 => (major + 1, 0, 0), < 7 => (major, minor + 1, 0), _ => (major, minor, patch + 1) };
        }
        return numbers;
    }

    private int[] Dependencies(int package)
    {
        var left = _versions.Length - package - 1;
        var popular = Math.Clamp(_versions.Length / 20, 1, Math.Max(1, left));
        var dependencies = new SortedSet<int>();
        for (var i = _random.Next(MostDependencies + 1); i > 0 && left > 0; i--)
            dependencies.Add(_random.Next(100) < PopularPercent && popular <= left ? _versions.Length - 1 - _random.Next(popular) : package + 1 + _random.Next(left));
        return [.. dependencies];
    }

    private PackageVersion Make(int package, int version, int[] dependencies)
    {
        var isAhead = version > _planted[package];
        int[] ahead = [.. dependencies.Where(dependency => _planted[dependency] < _versions[dependency].Length - 1)];
        var needsHost = isAhead && (ahead.Length == 0 || _random.Next(4) == 0);
        var atOdds = isAhead && !needsHost ? ahead[_random.Next(ahead.Length)] : -1;
        var needs = ImmutableSortedDictionary.CreateBuilder<PluginId, VersionRange>();
        foreach (var dependency in dependencies)
        {
            if (dependency != atOdds && _random.Next(10) == 0) continue;
            needs.Add(GeneratedUniverse.Id(dependency), dependency == atOdds ? Beyond(dependency) : version == _planted[package] ? Holding(dependency, Planted(dependency)) : AtTheTime(package, version, dependency));
        }
        return new PackageVersion { Version = _versions[package][version], Host = Range(needsHost ? "^2.0.0" : "^1.0.0"), Dependencies = needs.ToImmutable() };
    }

    /// <summary>What its author found as the newest version of a dependency.</summary>
    private VersionRange AtTheTime(int package, int version, int dependency) =>
        Range($"^{_versions[dependency][Math.Min(_planted[dependency], _versions[dependency].Length * version / _versions[package].Length)]}");

    /// <summary>A caret on the first version of the same major.</summary>
    private VersionRange Holding(int package, SemanticVersion version) => Range($"^{_versions[package].First(other => other.Major == version.Major)}");

    /// <summary>Above the planted version.</summary>
    private VersionRange Beyond(int package) => Range($">{Planted(package)}");

    private VersionRange Range(string text)
    {
        if (!_ranges.TryGetValue(text, out var range)) _ranges.Add(text, range = VersionRange.Parse(text));
        return range;
    }
}
