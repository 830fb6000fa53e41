using LazyOC.Plugins.Contracts.Versions;

namespace LazyOC.Plugins.Packages.Resolution;

/// <summary>Says in words what incompatibilities mean. Versions that a range of the proof holds are called by that range.</summary>
internal sealed class Wording
{
    private static readonly VersionRange AnyRelease = VersionRange.Parse("*");

    private readonly Dictionary<(KnownPackage, StateSet), VersionRange> _ranges = [];

    public Wording(IEnumerable<Incompatibility> facts)
    {
        foreach (var fact in facts)
        {
            var (package, range) = fact.Cause switch
            {
                Cause.Wanted(var wanted, var requirement) => (wanted, requirement.Range),
                Cause.Dependency dependency => (dependency.Dependee, dependency.Range),
                Cause.OptionalDependency dependency => (dependency.Dependee, dependency.Range),
                _ => (null, AnyRelease),
            };
            if (package is not null) _ranges.TryAdd((package, package.Matching(range)), range);
        }
    }

    /// <summary>A clause without <c>that</c>, such as <c>`acme.a ^1.0.0` depends on `acme.b ^2.0.0`</c>.</summary>
    public string Clause(Incompatibility incompatibility)
    {
        if (incompatibility.Cause is Cause.Wanted(var wanted, var requirement))
            return $"{Wanted(wanted, requirement.Range)} is wanted ({requirement.Why}){(wanted.Matching(requirement.Range).IsEmpty ? ", but " + Lack(wanted) : "")}";
        var positive = incompatibility.Terms.Where(term => !term.States.HasAbsence).ToArray();
        if (IsForbidden(incompatibility) && IsEvery(positive[0])) return $"no version of `{positive[0].Package.Id}` can be used";
        if (Predicate(incompatibility) is { } predicate) return $"{Subject(positive[0])} {predicate}";
        var all = positive.Select(Subject).ToArray();
        var needed = Needed(incompatibility);
        return (all.Length, needed.Length) switch
        {
            (0, 0) => "no versions fit together",
            (0, _) => $"{needed} is needed",
            (_, 0) => $"{And(all)} cannot be used together",
            _ => $"{And(all)} together need {needed}",
        };
    }

    /// <summary>Two clauses as one reason, put together where they are about the same.</summary>
    /// <param name="left">One of them.</param>
    /// <param name="right">The other.</param>
    /// <param name="reference">What refers to the line where an incompatibility is explained; empty when there is none.</param>
    public string Both(Incompatibility left, Incompatibility right, Func<Incompatibility, string> reference)
    {
        if (left.Cause is Cause.Wanted && right.Cause is not Cause.Wanted) (left, right) = (right, left);
        if (left.Cause is Cause.Dependency one && right.Cause is Cause.Dependency two && one.Depender == two.Depender && one.Versions.Equals(two.Versions))
            return $"{Clause(left)} and on {Dependee(two)}";
        return Through(left, right) ?? Through(right, left) ?? $"{Clause(left)}{reference(left)} and {Clause(right)}{reference(right)}";

        string? Through(Incompatibility prior, Incompatibility latter)
        {
            if (prior.Cause is Cause.Wanted || latter.Cause is Cause.Wanted or Cause.Filtered or Cause.NeedsHost) return null;
            if (prior.Terms.Where(term => term.States.HasAbsence).ToArray() is not [var needed] || Predicate(prior) is null) return null;
            return latter.StatesOf(needed.Package) is { HasAbsence: false } states
                && needed.Package.Everything.Except(needed.States).IsSubsetOf(states) && Predicate(latter) is { } predicate
                ? $"{Clause(prior)}{reference(prior)}, which {predicate}{reference(latter)}"
                : null;
        }
    }

    /// <summary>What is said of the one plugin that it is about; null when it is about none, or about several.</summary>
    private string? Predicate(Incompatibility incompatibility)
    {
        switch (incompatibility.Cause)
        {
            case Cause.Dependency dependency:
                return $"depends on {Dependee(dependency)}";
            case Cause.OptionalDependency(_, _, var dependee, var range):
                return dependee.Matching(range).IsEmpty ? $"works with no version of `{dependee.Id}` that there is" : $"works only with {Wanted(dependee, range)}";
            case Cause.Filtered(_, _, var filter):
                return filter.ToString();
            case Cause.NeedsHost(_, _, var range, var host):
                return $"needs host API `{range}` (this LazyOC has `{host}`)";
        }
        if (incompatibility.Terms.Count(term => !term.States.HasAbsence) != 1) return null;
        return IsForbidden(incompatibility) ? "cannot be used" : $"needs {Needed(incompatibility)}";
    }

    private static bool IsForbidden(Incompatibility incompatibility) => incompatibility is { Cause: Cause.Derived, Terms: [{ States.HasAbsence: false }] };

    private static bool IsEvery(Term term) => term.States.Equals(term.Package.Present) && term.States.Count > 1;

    private string Subject(Term term) =>
        IsEvery(term) ? $"every version of `{term.Package.Id}`"
        : term.States.Count == 1 ? $"`{term.Package.Id} {term.Package[term.States.Highest].Version}`"
        : Named(term.Package, term.States);

    private string Needed(Incompatibility incompatibility) =>
        string.Join(" or ", incompatibility.Terms.Where(term => term.States.HasAbsence).Select(term => Named(term.Package, term.Package.Everything.Except(term.States))));

    private string Named(KnownPackage package, StateSet versions) =>
        _ranges.TryGetValue((package, versions), out var range) ? Wanted(package, range)
        : versions.Equals(package.Present) && versions.Count > 1 ? $"`{package.Id}`"
        : $"`{package.Id} {VersionRuns.Describe(package, versions)}`";

    private static string Wanted(KnownPackage package, VersionRange range) =>
        range.Equals(AnyRelease) || range.Equals(VersionRange.All) ? $"`{package.Id}`" : $"`{package.Id} {range}`";

    private static string Dependee(Cause.Dependency dependency) =>
        Wanted(dependency.Dependee, dependency.Range) + (dependency.Dependee.Matching(dependency.Range).IsEmpty ? $" ({Lack(dependency.Dependee)})" : "");

    /// <summary>That no version is in a range.</summary>
    private static string Lack(KnownPackage package) =>
        package.Present.IsEmpty ? "no registry knows it" : $"there is no such version: the newest is `{package[package.Present.Highest].Version}`";

    private static string And(string[] names) => $"{string.Join(", ", names[..^1])} and {names[^1]}";
}
