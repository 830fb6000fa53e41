using System.Collections.Immutable;
using LazyOC.Plugins.Contracts.Versions;

namespace LazyOC.Plugins.Packages.Resolution;

/// <summary>That what becomes of a plugin is one of some states.</summary>
internal readonly record struct Term(KnownPackage Package, StateSet States);

/// <summary>Terms that are never all true at once. Source: https://github.com/dart-lang/pub/blob/master/doc/solver.md#incompatibility.</summary>
internal sealed class Incompatibility
{
    private Incompatibility(ImmutableArray<Term> terms, Cause cause) => (Terms, Cause) = (terms, cause);

    /// <summary>In the order in which the plugins became known, one a plugin, none that is always true. Empty means that there is no solution.</summary>
    public ImmutableArray<Term> Terms { get; }

    public Cause Cause { get; }

    /// <summary>A fact; null when some term can never be true, so that it says nothing.</summary>
    public static Incompatibility? Of(Cause cause, params ReadOnlySpan<Term> terms)
    {
        var kept = ImmutableArray.CreateBuilder<Term>(terms.Length);
        foreach (var term in terms)
        {
            if (term.States.Equals(term.Package.Everything)) continue;
            var at = 0;
            while (at < kept.Count && kept[at].Package.Index < term.Package.Index) at++;
            // A plugin that depends on itself.
            if (at < kept.Count && kept[at].Package == term.Package) kept[at] = term with { States = term.States.Intersect(kept[at].States) };
            else kept.Insert(at, term);
            if (kept[at].States.IsEmpty) return null;
        }
        return new Incompatibility(kept.ToImmutable(), cause);
    }

    /// <summary>
    /// The rule of resolution: of <paramref name="package"/> one or the other holds when it is in the union of both terms,
    /// and of all others both have to hold.
    /// </summary>
    public static Incompatibility Resolve(Incompatibility conflict, Incompatibility other, KnownPackage package)
    {
        var terms = ImmutableArray.CreateBuilder<Term>(conflict.Terms.Length + other.Terms.Length);
        for (int i = 0, j = 0; i < conflict.Terms.Length || j < other.Terms.Length;)
        {
            var order = i == conflict.Terms.Length ? 1 : j == other.Terms.Length ? -1 : conflict.Terms[i].Package.Index.CompareTo(other.Terms[j].Package.Index);
            if (order < 0) terms.Add(conflict.Terms[i++]);
            else if (order > 0) terms.Add(other.Terms[j++]);
            else
            {
                var (left, right) = (conflict.Terms[i++], other.Terms[j++]);
                var both = left.Package == package ? left.States.Union(right.States) : left.States.Intersect(right.States);
                if (!both.Equals(left.Package.Everything)) terms.Add(left with { States = both });
            }
        }
        return new Incompatibility(terms.ToImmutable(), new Cause.Derived(conflict, other));
    }

    /// <summary>The facts that it follows from, each once; itself when it is one.</summary>
    public IEnumerable<Incompatibility> Facts()
    {
        var seen = new HashSet<Incompatibility> { this };
        var open = new Stack<Incompatibility>(seen);
        while (open.TryPop(out var next))
        {
            if (next.Cause is not Cause.Derived(var left, var right)) yield return next;
            else
            {
                if (seen.Add(right)) open.Push(right);
                if (seen.Add(left)) open.Push(left);
            }
        }
    }

    /// <summary>What it says of a plugin; null when nothing.</summary>
    public StateSet? StatesOf(KnownPackage package)
    {
        foreach (var term in Terms)
            if (term.Package == package) return term.States;
        return null;
    }
}

/// <summary>Why terms are incompatible.</summary>
internal abstract record Cause
{
    private Cause() { }

    /// <summary>The request says so.</summary>
    public sealed record Wanted(KnownPackage Package, RootRequirement Requirement) : Cause;

    /// <summary>Versions have a dependency.</summary>
    public sealed record Dependency(KnownPackage Depender, StateSet Versions, KnownPackage Dependee, VersionRange Range) : Cause;

    /// <summary>Versions get on with some versions of another plugin only.</summary>
    public sealed record OptionalDependency(KnownPackage Depender, StateSet Versions, KnownPackage Dependee, VersionRange Range) : Cause;

    /// <summary>Versions are not to be chosen.</summary>
    public sealed record Filtered(KnownPackage Package, StateSet Versions, Filter Filter) : Cause;

    /// <summary>
    /// Versions need another host. The host is a package of one version whose term is always true when it does not fit, and
    /// so is left out.
    /// </summary>
    public sealed record NeedsHost(KnownPackage Package, StateSet Versions, VersionRange Range, SemanticVersion HostApi) : Cause;

    /// <summary>Two others imply it.</summary>
    public sealed record Derived(Incompatibility Left, Incompatibility Right) : Cause;
}
