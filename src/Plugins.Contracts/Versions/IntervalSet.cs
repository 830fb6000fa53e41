using System.Collections.Immutable;

namespace LazyOC.Plugins.Contracts.Versions;

/// <summary>Half-open: from <see cref="Lower"/> up to, but without, <see cref="Upper"/>; null is no bound.</summary>
internal readonly record struct Interval(SemanticVersion Lower, SemanticVersion? Upper)
{
    public bool IsEmpty => Upper is not null && Lower.CompareTo(Upper) >= 0;
}

/// <summary>Neighbours in the order of versions, which make every bound inclusive below and exclusive above.</summary>
internal static class Bounds
{
    private static readonly ImmutableArray<string> LowestTag = ["0"];

    public static SemanticVersion FirstRelease { get; } = new(0, 0, 0);

    public static SemanticVersion FirstPrerelease { get; } = new(0, 0, 0, LowestTag);

    public static SemanticVersion ReleaseOf(SemanticVersion version) => new(version.Major, version.Minor, version.Patch);

    public static SemanticVersion LowestOf(SemanticVersion version) => new(version.Major, version.Minor, version.Patch, LowestTag);

    public static SemanticVersion NextRelease(SemanticVersion version) => new(version.Major, version.Minor, version.Patch + 1);

    /// <summary>The very next version: nothing lies between <c>1.0.0-a</c> and <c>1.0.0-a.0</c>, nor between <c>1.0.0</c> and <c>1.0.1-0</c>.</summary>
    public static SemanticVersion After(SemanticVersion version) => version.IsPrerelease
        ? new SemanticVersion(version.Major, version.Minor, version.Patch, version.Prerelease.Add("0"))
        : LowestOf(NextRelease(version));

    /// <summary>The lowest release that is not below.</summary>
    public static SemanticVersion AtRelease(SemanticVersion version) => version.IsPrerelease ? ReleaseOf(version) : version;

    /// <summary>The lowest prerelease that is not below.</summary>
    public static SemanticVersion AtPrerelease(SemanticVersion version) => version.IsPrerelease ? version : After(version);
}

/// <summary>Intervals in ascending order that neither overlap nor touch, so that equal sets have equal representations.</summary>
internal sealed class IntervalSet : IEquatable<IntervalSet>
{
    private IntervalSet(ImmutableArray<Interval> intervals) => Intervals = intervals;

    public static IntervalSet Empty { get; } = new([]);

    public ImmutableArray<Interval> Intervals { get; }

    public bool IsEmpty => Intervals.IsEmpty;

    public static IntervalSet Of(Interval interval) => interval.IsEmpty ? Empty : new IntervalSet([interval]);

    public bool Contains(SemanticVersion version)
    {
        foreach (var interval in Intervals)
            if (interval.Lower.CompareTo(version) <= 0) { if (interval.Upper is null || version.CompareTo(interval.Upper) < 0) return true; }
            else return false;
        return false;
    }

    public IntervalSet Union(IntervalSet other)
    {
        var all = Intervals.AddRange(other.Intervals).Sort((x, y) => x.Lower.CompareTo(y.Lower));
        var merged = ImmutableArray.CreateBuilder<Interval>(all.Length);
        foreach (var interval in all)
        {
            if (merged.Count == 0 || CompareUpper(merged[^1].Upper, interval.Lower) < 0) merged.Add(interval);
            else if (CompareUpper(merged[^1].Upper, interval.Upper) < 0) merged[^1] = merged[^1] with { Upper = interval.Upper };
        }
        return new IntervalSet(merged.ToImmutable());
    }

    public IntervalSet Intersect(IntervalSet other)
    {
        var common = ImmutableArray.CreateBuilder<Interval>();
        for (int i = 0, j = 0; i < Intervals.Length && j < other.Intervals.Length;)
        {
            var (left, right) = (Intervals[i], other.Intervals[j]);
            var leftEndsFirst = CompareUpper(left.Upper, right.Upper) < 0;
            var both = new Interval(left.Lower.CompareTo(right.Lower) > 0 ? left.Lower : right.Lower, leftEndsFirst ? left.Upper : right.Upper);
            if (!both.IsEmpty) common.Add(both);
            if (leftEndsFirst) i++;
            else j++;
        }
        return new IntervalSet(common.ToImmutable());
    }

    /// <summary>What this set lacks, from <paramref name="floor"/> (the lowest there is) upwards.</summary>
    public IntervalSet Complement(SemanticVersion floor)
    {
        var gaps = ImmutableArray.CreateBuilder<Interval>();
        SemanticVersion? from = floor;
        foreach (var interval in Intervals)
        {
            var gap = new Interval(from!, interval.Lower);
            if (!gap.IsEmpty) gaps.Add(gap);
            from = interval.Upper;
        }
        if (from is not null) gaps.Add(new Interval(from, null));
        return new IntervalSet(gaps.ToImmutable());
    }

    private static int CompareUpper(SemanticVersion? left, SemanticVersion? right) =>
        left is null ? (right is null ? 0 : 1) : right is null ? -1 : left.CompareTo(right);

    public bool Equals(IntervalSet? other) => other is not null && Intervals.AsSpan().SequenceEqual(other.Intervals.AsSpan());

    public override bool Equals(object? obj) => Equals(obj as IntervalSet);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var interval in Intervals) hash.Add(interval);
        return hash.ToHashCode();
    }
}
