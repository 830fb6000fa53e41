namespace LazyOC.Plugins.Packages.Resolution;

/// <summary>One step of a solution in the making.</summary>
/// <param name="Package">Of which plugin something is known from here on.</param>
/// <param name="Left">What may become of it still, after all steps up to this one.</param>
/// <param name="Level">How many decisions were made up to here.</param>
/// <param name="Cause">What it follows from; null when it was decided.</param>
internal sealed record Assignment(KnownPackage Package, StateSet Left, int Level, Incompatibility? Cause)
{
    /// <summary>Its place in the solution.</summary>
    public required int Position { get; init; }
}

/// <summary>A solution in the making: decisions and what follows from them, in order. Source: https://github.com/dart-lang/pub/blob/master/doc/solver.md#partial-solution.</summary>
internal sealed class PartialSolution
{
    private readonly List<Assignment> _assignments = [];

    /// <summary>The assignments of each plugin, by its index.</summary>
    private readonly List<List<Assignment>?> _byPackage = [];

    /// <summary>Plugins to decide on. An entry whose count is no longer right has a newer one beside it.</summary>
    private readonly PriorityQueue<KnownPackage, (int Count, int Index)> _undecided = new();

    /// <summary>Decisions so far.</summary>
    public int Level { get; private set; }

    /// <summary>Plugins that were decided on, with their state.</summary>
    public IEnumerable<(KnownPackage Package, int State)> Decisions =>
        _assignments.Where(assignment => assignment.Cause is null).Select(assignment => (assignment.Package, assignment.Left.Highest));

    /// <summary>What may become of a plugin still.</summary>
    public StateSet Left(KnownPackage package) => Of(package) is { Count: > 0 } its ? its[^1].Left : package.Everything;

    private bool IsDecided(KnownPackage package) => Of(package) is { Count: > 0 } its && its[^1].Cause is null;

    public void Derive(KnownPackage package, StateSet left, Incompatibility cause) => Add(new Assignment(package, left, Level, cause) { Position = _assignments.Count });

    public void Decide(KnownPackage package, int state)
    {
        Level++;
        Add(new Assignment(package, package.Only(state), Level, null) { Position = _assignments.Count });
    }

    /// <summary>The needed plugin with the fewest versions left, among equals the one that was known first; null when all are decided.</summary>
    /// <remarks>It stays the next one until something becomes known of it.</remarks>
    public KnownPackage? NextUndecided()
    {
        while (_undecided.TryPeek(out var package, out var entry))
        {
            if (IsOpen(package) && Left(package).Count == entry.Count) return package;
            _undecided.Dequeue();
        }
        return null;
    }

    /// <summary>The first assignment after which a term holds, which does hold now.</summary>
    public Assignment Satisfier(KnownPackage package, StateSet states)
    {
        foreach (var assignment in Of(package)!)
            if (assignment.Left.IsSubsetOf(states)) return assignment;
        throw new InvalidOperationException($"Nothing satisfies the term of {package.Id}.");
    }

    /// <summary>Takes back everything that was assigned after some number of decisions; gives the plugins it was about that are still needed.</summary>
    public List<KnownPackage> Backtrack(int level)
    {
        var open = new List<KnownPackage>();
        while (_assignments is [.., { } last] && last.Level > level)
        {
            _assignments.RemoveAt(_assignments.Count - 1);
            var its = Of(last.Package)!;
            its.RemoveAt(its.Count - 1);
            if (!IsOpen(last.Package)) continue;
            Enqueue(last.Package);
            open.Add(last.Package);
        }
        Level = level;
        return open;
    }

    private List<Assignment>? Of(KnownPackage package) => package.Index < _byPackage.Count ? _byPackage[package.Index] : null;

    private void Add(Assignment assignment)
    {
        while (_byPackage.Count <= assignment.Package.Index) _byPackage.Add(null);
        _assignments.Add(assignment);
        (_byPackage[assignment.Package.Index] ??= []).Add(assignment);
        Enqueue(assignment.Package);
    }

    private void Enqueue(KnownPackage package)
    {
        if (IsOpen(package)) _undecided.Enqueue(package, (Left(package).Count, package.Index));
    }

    /// <summary>Whether a plugin is needed and not decided on.</summary>
    public bool IsOpen(KnownPackage package) => !Left(package).HasAbsence && !IsDecided(package);
}
