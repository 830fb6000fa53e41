using System.Collections.Immutable;
using LazyOC.Marketplace.Protocol.Client;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Versions;
using LazyOC.Plugins.Packages;
using LazyOC.Plugins.Packages.Resolution;

namespace LazyOC.Cli.Installing;

/// <summary>Finds out which versions of which plugins reach a goal.</summary>
/// <param name="store">What is installed.</param>
/// <param name="registries">Where plugins come from; null when none is to be asked.</param>
/// <param name="time">The clock.</param>
/// <param name="note">Told what the user should know though it stops nothing.</param>
internal sealed class Planner(PluginStore store, RegistrySet? registries, TimeProvider time, Action<string> note)
{
    private static readonly VersionRange AnyRelease = VersionRange.Parse("*");

    /// <summary>Takes versions, too, that are too new for their registry's liking.</summary>
    public bool IgnoresCooldown { get; init; }

    /// <summary>Plans.</summary>
    /// <exception cref="UserError">There is no way to the goal, or it cannot be found out.</exception>
    public async Task<InstallPlan> PlanAsync(InstallGoal goal, CancellationToken cancellationToken)
    {
        var current = store.Current().OrThrow(ExitCode.Failed);
        var manifests = Manifests(current);
        var available = new AvailableVersions(registries, manifests, goal.Files, time, IgnoresCooldown, note);
        var request = new ResolutionRequest
        {
            Roots = [.. RootsOf(goal, current)],
            Locked = manifests.ToImmutableSortedDictionary(pair => pair.Key, pair => pair.Value.Version),
            Unlock = goal.Update.Union(goal.Wanted.Keys).Union(goal.Files.Keys),
            HostApi = SemanticVersion.Parse(PluginManifest.HostApiVersion),
        };
        return await VersionSolver.SolveAsync(request, available, SolverLimits.Default, cancellationToken) switch
        {
            Resolution.Solved solved => Compare(goal, current, solved, available),
            Resolution.Unsolvable unsolvable => throw Impossible(unsolvable.Explanation),
            Resolution.Refused refused => ((Outcome<InstallPlan>)refused.Problems).OrThrow(ExitCode.Refused),
            var other => throw new InvalidOperationException($"solving ended in {other}"),
        };
    }

    /// <summary>The manifests of what is installed. What is damaged has to be installed again, and counts as not being there.</summary>
    private ImmutableSortedDictionary<PluginId, PluginManifest> Manifests(Generation current)
    {
        var manifests = ImmutableSortedDictionary.CreateBuilder<PluginId, PluginManifest>();
        foreach (var entry in current.Plugins)
        {
            if (store.ManifestOf(entry).TryGet(out var manifest, out var problems)) manifests.Add(entry.Id, manifest);
            else note($"{entry.Id}: {Problem.Join(problems)}");
        }
        return manifests.ToImmutable();
    }

    private static UserError Impossible(Explanation explanation) => new(
        ExitCode.Refused,
        explanation.Lines is [var only]
            ? only.Text
            : string.Join('\n', ["the plugins cannot be installed together:", .. explanation.Lines.Select(line => $"  {(line.Number is { } number ? $"({number}) " : "")}{line.Text}")]),
        explanation.Remedy?.ToString())
    {
        Help = HelpPage.NothingFits,
    };

    private static IEnumerable<RootRequirement> RootsOf(InstallGoal goal, Generation current)
    {
        foreach (var (id, range) in goal.Wanted) yield return new RootRequirement(id, range ?? AnyRelease, "you ask for it");
        foreach (var (id, file) in goal.Files) yield return new RootRequirement(id, VersionRange.Exactly(file.Package.Manifest.Version), "you ask for it");
        foreach (var entry in current.Plugins)
        {
            if (entry.Why != InstallReason.Requested || goal.Remove.Contains(entry.Id) || goal.Wanted.ContainsKey(entry.Id) || goal.Files.ContainsKey(entry.Id)) continue;
            yield return new RootRequirement(entry.Id, (entry.Requested ?? AnyRelease).Union(VersionRange.Exactly(entry.Version)), "it is installed");
        }
    }

    private InstallPlan Compare(InstallGoal goal, Generation current, Resolution.Solved solved, AvailableVersions available)
    {
        var install = ImmutableArray.CreateBuilder<PlannedInstall>();
        var reasons = ImmutableArray.CreateBuilder<(PluginId, InstallReason, VersionRange?)>();
        foreach (var (id, version) in solved.Versions)
        {
            var before = current.Find(id);
            var isAskedFor = goal.Wanted.ContainsKey(id) || goal.Files.ContainsKey(id);
            var why = isAskedFor || (before?.Why == InstallReason.Requested && !goal.Remove.Contains(id)) ? InstallReason.Requested : InstallReason.Dependency;
            var requested = isAskedFor ? goal.Wanted.GetValueOrDefault(id) : why == InstallReason.Requested ? before?.Requested : null;
            var origin = available.OriginOf(id, version);
            var isThere = before is not null && before.Version == version && (origin is not PackageOrigin.InFile file || file.Package.Digest == before.Digest) && (origin is null || store.Open(before).TryGet(out _, out _));
            if (!isThere) install.Add(new PlannedInstall(id, version, before, origin!, why, requested, solved.NeededBy.GetValueOrDefault(id, [])));
            else if (before!.Why != why || !Equals(before.Requested, requested)) reasons.Add((id, why, requested));
        }
        foreach (var id in goal.Remove)
            if (solved.Versions.ContainsKey(id))
                throw new UserError(ExitCode.Refused, $"{id} stays: {string.Join(", ", solved.NeededBy[id])} need{(solved.NeededBy[id].Length == 1 ? "s" : "")} it", $"`lazyoc plugin uninstall {string.Join(' ', solved.NeededBy[id])} {id}` removes them together; `lazyoc plugin disable {id}` keeps it from running");
        return new InstallPlan(goal, current, install.ToImmutable(), [.. current.Plugins.Where(entry => !solved.Versions.ContainsKey(entry.Id))], reasons.ToImmutable());
    }
}
