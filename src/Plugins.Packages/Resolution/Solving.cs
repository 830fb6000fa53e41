using System.Collections.Immutable;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Versions;

namespace LazyOC.Plugins.Packages.Resolution;

/// <summary>How one run of PubGrub ended.</summary>
internal abstract record Ending
{
    private Ending() { }

    public sealed record Solved(ImmutableArray<(KnownPackage Package, int State)> Decisions) : Ending;

    /// <summary>There is no solution, by an incompatibility without terms.</summary>
    public sealed record Failed(Incompatibility Proof) : Ending;

    public sealed record Refused(ImmutableArray<Problem> Problems) : Ending;
}

/// <summary>Which versions a run leaves out. Other than as the request says it is for trying what would help.</summary>
/// <param name="HostApi">The host; null when any will do.</param>
/// <param name="CoolingCounts">Whether versions that are cooling down are left out.</param>
internal sealed record Conditions(SemanticVersion? HostApi, bool CoolingCounts = true);

/// <summary>
/// One run of PubGrub (Natalie Weizenbaum, https://nex3.medium.com/pubgrub-2fb6470504f;
/// https://github.com/dart-lang/pub/blob/master/doc/solver.md): unit propagation, decisions, and conflicts from which it
/// learns and jumps back.
/// </summary>
internal sealed class Solving(ResolutionRequest request, Conditions conditions, KnownPackages packages, SolverLimits limits, CancellationToken cancellationToken)
{
    private readonly Premises _premises = new(request, conditions);
    private readonly PartialSolution _solution = new();

    /// <summary>Plugins about which something became known, whose incompatibilities were not looked at since.</summary>
    private readonly Queue<KnownPackage> _changed = new();
    private readonly HashSet<KnownPackage> _isChanged = [];

    /// <summary>Plugins that became needed, whose dependencies were not asked for ahead yet.</summary>
    private readonly List<KnownPackage> _needed = [];
    private int _rounds;
    private Incompatibility? _proof;

    public async Task<Ending> RunAsync()
    {
        if (await BeginAsync() is { } refused) return refused;
        while (true)
        {
            if (Propagate() is { } ending) return ending;
            if (Round() is { } limit) return limit;
            if (_solution.NextUndecided() is not { } package) return new Ending.Solved([.. _solution.Decisions]);
            var state = Preferred(package);
            if (StatesConflict(package, state)) Changed(package);
            else if (_premises.Unmet(package, state) is { Count: > 0 } unmet)
            {
                if (await MeetAsync(unmet) is { } problem) return problem;
            }
            else
            {
                _solution.Decide(package, state);
                Changed(package);
            }
        }
    }

    private async Task<Ending?> BeginAsync()
    {
        if (await MeetAsync([.. request.Roots.Select(root => root.Id).Distinct()]) is { } refused) return refused;
        foreach (var root in request.Roots)
        {
            var wanted = _premises.Want(root);
            if (wanted.Terms.IsEmpty) return new Ending.Failed(wanted);
        }
        return null;
    }

    /// <summary>Makes plugins known, all at once, and begins with what they are likely to need.</summary>
    private async ValueTask<Ending?> MeetAsync(List<PluginId> ids)
    {
        foreach (var id in ids) packages.Begin(id);
        foreach (var package in _needed)
            if (_solution.IsOpen(package))
                foreach (var dependency in package[Preferred(package)].Dependencies.Keys) packages.Begin(dependency);
        _needed.Clear();
        foreach (var id in ids)
        {
            if (!(await packages.LoadAsync(id)).TryGet(out var package, out var problems)) return new Ending.Refused(problems);
            _premises.Meet(package);
            Changed(package);
        }
        return null;
    }

    /// <summary>The version to try: the locked one, else the newest.</summary>
    private int Preferred(KnownPackage package)
    {
        var left = _solution.Left(package);
        return request.LockedVersion(package.Id) is { } locked && package.StateOf(locked) is { } state && left.Contains(state) ? state : left.Highest;
    }

    /// <summary>States what is known of a version's dependencies; true when the version is at odds with the solution already.</summary>
    private bool StatesConflict(KnownPackage package, int state)
    {
        var conflict = false;
        foreach (var fact in _premises.State(package, state))
            conflict |= fact.Terms.All(term => term.Package == package ? term.States.Contains(state) : _solution.Left(term.Package).IsSubsetOf(term.States));
        return conflict;
    }

    /// <summary>Draws the conclusions from everything that changed; the end, when they lead to one.</summary>
    private Ending? Propagate()
    {
        while (_changed.TryDequeue(out var package))
        {
            _isChanged.Remove(package);
            // What was learned last is the most general.
            var incompatibilities = _premises.About(package);
            for (var i = incompatibilities.Count - 1; i >= 0; i--)
            {
                if (!Apply(incompatibilities[i])) continue;
                if (Round() is { } limit) return limit;
                if (ResolveConflict(incompatibilities[i]) is not { } root) return new Ending.Failed(_proof!);
                if (Apply(root)) throw new InvalidOperationException("What was learned from a conflict left it unresolved.");
                break;
            }
        }
        return null;
    }

    private void Changed(KnownPackage package)
    {
        if (_isChanged.Add(package)) _changed.Enqueue(package);
    }

    /// <summary>Derives what one incompatibility implies; true when it is violated.</summary>
    private bool Apply(Incompatibility incompatibility)
    {
        Term? open = null;
        foreach (var term in incompatibility.Terms)
        {
            var left = _solution.Left(term.Package);
            if (left.IsSubsetOf(term.States)) continue;
            if (open is not null || !left.Overlaps(term.States)) return false;
            open = term;
        }
        if (open is not { } unit) return true;
        var before = _solution.Left(unit.Package);
        var after = before.Except(unit.States);
        _solution.Derive(unit.Package, after, incompatibility);
        if (before.HasAbsence && !after.HasAbsence) _needed.Add(unit.Package);
        Changed(unit.Package);
        return false;
    }

    /// <summary>
    /// Finds out what a conflict comes down to, and jumps back to where that would have said something new; null when it comes
    /// down to nothing, and there is no solution.
    /// </summary>
    private Incompatibility? ResolveConflict(Incompatibility conflict)
    {
        var learned = false;
        while (!conflict.Terms.IsEmpty)
        {
            var (latest, states, previousLevel) = LatestSatisfier(conflict);
            if (latest.Cause is { } cause && cause.StatesOf(latest.Package) is { } theirs)
            {
                // Together with what led to it, the latest may say more than the term.
                var rest = states.Union(theirs);
                if (!rest.Equals(latest.Package.Everything)) previousLevel = Math.Max(previousLevel, _solution.Satisfier(latest.Package, rest).Level);
            }
            if (previousLevel < latest.Level)
            {
                JumpBack(latest.Level - previousLevel > limits.MaxJump ? latest.Level - 1 : previousLevel);
                if (learned) _premises.Add(conflict);
                return conflict;
            }
            conflict = Incompatibility.Resolve(conflict, latest.Cause!, latest.Package);
            learned = true;
        }
        _proof = conflict;
        return null;
    }

    private void JumpBack(int level)
    {
        _changed.Clear();
        _isChanged.Clear();
        // What was known of these besides decisions may follow still.
        foreach (var package in _solution.Backtrack(level)) Changed(package);
    }

    private (Assignment Latest, StateSet States, int PreviousLevel) LatestSatisfier(Incompatibility conflict)
    {
        var (latest, states, previousLevel) = ((Assignment?)null, default(StateSet), 0);
        foreach (var term in conflict.Terms)
        {
            var satisfier = _solution.Satisfier(term.Package, term.States);
            if (latest is null || satisfier.Position > latest.Position)
            {
                previousLevel = Math.Max(previousLevel, latest?.Level ?? 0);
                (latest, states) = (satisfier, term.States);
            }
            else previousLevel = Math.Max(previousLevel, satisfier.Level);
        }
        return (latest!, states, previousLevel);
    }

    private Ending.Refused? Round()
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ++_rounds <= limits.MaxRounds ? null : new Ending.Refused([new Problem(
            "", $"no versions that fit together were found in {limits.MaxRounds} rounds", "narrow the ranges you ask for, or ask for fewer plugins at a time")]);
    }
}
