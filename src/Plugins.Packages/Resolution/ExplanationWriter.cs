using System.Collections.Immutable;

namespace LazyOC.Plugins.Packages.Resolution;

/// <summary>
/// Writes a proof as lines, each going on from the one before where it can, in the manner of
/// https://github.com/dart-lang/pub/blob/master/doc/solver.md#error-reporting. A proof may be deep, so nothing here recurses.
/// </summary>
internal sealed class ExplanationWriter
{
    private readonly Incompatibility _proof;
    private readonly Wording _wording;
    private readonly Dictionary<Incompatibility, int> _uses = [];
    private readonly Dictionary<Incompatibility, int> _numbers = [];

    private ExplanationWriter(Incompatibility proof) => (_proof, _wording) = (proof, new Wording(proof.Facts()));

    /// <summary>A line to be: its conclusion, its reasons, and whether the line before is one of them, too.</summary>
    private sealed record Step(Incompatibility Conclusion, ImmutableArray<Incompatibility> Reasons, bool GoesOn);

    public static ImmutableArray<ExplanationLine> Write(Incompatibility proof, int maxLines)
    {
        var writer = new ExplanationWriter(proof);
        if (proof.Cause is not Cause.Derived) return [new ExplanationLine(null, writer._wording.Clause(proof))];
        var steps = writer.Steps();
        var leftOut = Math.Max(0, steps.Count - maxLines);
        var shown = steps[leftOut..];
        var referred = shown.SelectMany(step => step.Reasons).ToHashSet();
        foreach (var step in shown)
            if (referred.Contains(step.Conclusion)) writer._numbers.Add(step.Conclusion, writer._numbers.Count + 1);
        var lines = shown.Select((step, i) => new ExplanationLine(
            writer._numbers.TryGetValue(step.Conclusion, out var number) ? number : null, writer.Sentence(step, isFirst: i == 0)));
        return [.. leftOut == 0 ? [] : (ExplanationLine[])[new(null, $"({leftOut} steps before these are left out)")], .. lines];
    }

    private string Sentence(Step step, bool isFirst)
    {
        var reasons = step.Reasons is [var left, var right] ? _wording.Both(left, right, Reference) : _wording.Clause(step.Reasons[0]) + Reference(step.Reasons[0]);
        var lead = isFirst && !step.GoesOn ? "Because" : step.Conclusion == _proof ? "So, because" : step.GoesOn ? "And because" : "Because";
        return $"{lead} {reasons}, {_wording.Clause(step.Conclusion)}";
    }

    private string Reference(Incompatibility incompatibility) => _numbers.TryGetValue(incompatibility, out var number) ? $" ({number})" : "";

    private List<Step> Steps()
    {
        var steps = new List<Step>();
        var order = Order();
        var previous = (Incompatibility?)null;
        var kept = (Incompatibility?)null;
        for (var i = 0; i < order.Count; i++)
        {
            var (left, right) = (Cause.Derived)order[i].Cause;
            var other = left == previous ? right : right == previous ? left : null;
            // Two facts in a row make one line, unless somebody refers to what is between them.
            if (kept is null && other is not null && IsFact(other) && _uses[order[i]] == 1 && i + 1 < order.Count && IsOneFactFrom(order[i], order[i + 1])) kept = other;
            else
            {
                steps.Add(new Step(order[i], other is null ? [left, right] : kept is null ? [other] : [kept, other], GoesOn: other is not null));
                kept = null;
            }
            previous = order[i];
        }
        return steps;
    }

    private static bool IsFact(Incompatibility incompatibility) => incompatibility.Cause is not Cause.Derived;

    private static bool IsOneFactFrom(Incompatibility reason, Incompatibility conclusion) =>
        conclusion.Cause is Cause.Derived(var left, var right) && ((left == reason && IsFact(right)) || (right == reason && IsFact(left)));

    /// <summary>Everything derived, each after what it is derived from, and right after the shorter of two derivations.</summary>
    private List<Incompatibility> Order()
    {
        var depths = new Dictionary<Incompatibility, int>();
        foreach (var derived in PostOrder(static (left, right) => (left, right)))
        {
            var (left, right) = (Cause.Derived)derived.Cause;
            depths[derived] = 1 + Math.Max(Depth(left), Depth(right));
            foreach (var reason in (Incompatibility[])[left, right]) _uses[reason] = _uses.GetValueOrDefault(reason) + 1;
        }
        _uses[_proof] = 1;
        return PostOrder((left, right) => Depth(left) >= Depth(right) ? (left, right) : (right, left));

        int Depth(Incompatibility incompatibility) => depths.GetValueOrDefault(incompatibility);
    }

    private List<Incompatibility> PostOrder(Func<Incompatibility, Incompatibility, (Incompatibility First, Incompatibility Second)> order)
    {
        var done = new List<Incompatibility>();
        var seen = new HashSet<Incompatibility>();
        var open = new Stack<(Incompatibility Derived, bool AreReasonsDone)>([(_proof, false)]);
        while (open.TryPop(out var next))
        {
            if (next.AreReasonsDone) done.Add(next.Derived);
            else if (next.Derived.Cause is Cause.Derived(var left, var right) && seen.Add(next.Derived))
            {
                var (first, second) = order(left, right);
                open.Push((next.Derived, true));
                open.Push((second, false));
                open.Push((first, false));
            }
        }
        return done;
    }
}
