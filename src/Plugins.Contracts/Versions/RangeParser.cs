using System.Collections.Immutable;
using System.Numerics;

namespace LazyOC.Plugins.Contracts.Versions;

/// <summary>Reads npm's range syntax. Grammar: https://github.com/npm/node-semver#range-grammar.</summary>
internal static class RangeParser
{
    /// <summary>A version of which the trailing numbers may be missing or <c>x</c>.</summary>
    private readonly record struct Partial(BigInteger? Major, BigInteger? Minor, BigInteger? Patch, ImmutableArray<string> Prerelease)
    {
        /// <summary>The lowest version meant.</summary>
        public SemanticVersion Lowest => new(Major ?? 0, Minor ?? 0, Patch ?? 0, Prerelease);

        /// <summary>The lowest version above all that are meant; null when it means every version.</summary>
        public SemanticVersion? Above => Major is null ? null
            : Minor is null ? NextMajor
            : Patch is null ? NextMinor
            : Bounds.After(Lowest);

        public SemanticVersion NextMajor => Bounds.LowestOf(new(Major!.Value + 1, 0, 0));

        public SemanticVersion NextMinor => Bounds.LowestOf(new(Major!.Value, Minor!.Value + 1, 0));
    }

    /// <summary>The meaning of one comparator, and the prerelease it names, if any.</summary>
    private readonly record struct Comparator(SemanticVersion Lower, SemanticVersion? Upper, SemanticVersion? Named)
    {
        public static Comparator Any { get; } = new(Bounds.FirstPrerelease, null, null);

        public static Comparator Nothing { get; } = new(Bounds.FirstPrerelease, Bounds.FirstPrerelease, null);
    }

    public static VersionRange? Parse(string text, VersionLimits limits)
    {
        if (text.Length > limits.MaxRangeLength) return null;
        var range = VersionRange.None;
        var comparators = 0;
        foreach (var alternative in text.Split("||"))
        {
            var tokens = Tokens(alternative);
            comparators += Math.Max(1, tokens.Count);
            if (comparators > limits.MaxComparators || ParseSet(tokens) is not { } set) return null;
            range = range.Union(set);
        }
        return range;
    }

    /// <summary>Splits at spaces and joins an operator to the version that follows it.</summary>
    private static List<string> Tokens(string alternative)
    {
        var tokens = new List<string>();
        var pending = "";
        foreach (var word in alternative.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries))
        {
            if (word.Length <= 2 && !word.AsSpan().ContainsAnyExcept("<>=~^")) pending += word;
            else
            {
                tokens.Add(pending + word);
                pending = "";
            }
        }
        if (pending.Length > 0) tokens.Add(pending);
        return tokens;
    }

    private static VersionRange? ParseSet(List<string> tokens)
    {
        if (tokens is [var from, "-", var to]) return ParseHyphen(from, to);
        var (lower, upper) = (Bounds.FirstPrerelease, (SemanticVersion?)null);
        var named = new List<SemanticVersion>();
        foreach (var token in tokens)
        {
            if (ParseComparator(token) is not { } comparator) return null;
            if (comparator.Lower.CompareTo(lower) > 0) lower = comparator.Lower;
            if (comparator.Upper is { } u && (upper is null || u.CompareTo(upper) < 0)) upper = u;
            if (comparator.Named is { } name) named.Add(name);
        }
        return FromInterval(lower, upper, named);
    }

    private static VersionRange? ParseHyphen(string from, string to) =>
        ParsePartial(from) is { } low && ParsePartial(to) is { } high
            ? FromInterval(low.Lowest, high.Above, [low.Lowest, high.Lowest])
            : null;

    /// <summary>Applies npm's rule to an interval: its releases, and the prereleases of those versions that are named as prereleases.</summary>
    public static VersionRange FromInterval(SemanticVersion lower, SemanticVersion? upper, IReadOnlyList<SemanticVersion> named)
    {
        var releases = IntervalSet.Of(new Interval(Bounds.AtRelease(lower), upper is null ? null : Bounds.AtRelease(upper)));
        var interval = IntervalSet.Of(new Interval(Bounds.AtPrerelease(lower), upper is null ? null : Bounds.AtPrerelease(upper)));
        var prereleases = IntervalSet.Empty;
        foreach (var version in named)
        {
            if (!version.IsPrerelease) continue;
            var sameNumbers = IntervalSet.Of(new Interval(Bounds.LowestOf(version), Bounds.After(Bounds.ReleaseOf(version))));
            prereleases = prereleases.Union(interval.Intersect(sameNumbers));
        }
        return new VersionRange(releases, prereleases);
    }

    private static Comparator? ParseComparator(string token)
    {
        var length = token.AsSpan().IndexOfAnyExcept("<>=~^");
        if (length < 0) return null;
        var (op, rest) = (token[..length], token[length..]);
        if (ParsePartial(rest) is not { } version) return null;
        var named = version.Patch is null || version.Prerelease.IsEmpty ? null : version.Lowest;
        var (lowest, above) = (version.Lowest, version.Above);
        switch (op)
        {
            case "" or "=":
                return new Comparator(above is null ? Bounds.FirstPrerelease : lowest, above, named);
            case ">=":
                return new Comparator(lowest, null, named);
            case ">":
                return above is null ? Comparator.Nothing : new Comparator(above, null, named);
            case "<=":
                return new Comparator(Bounds.FirstPrerelease, above, named);
            case "<":
                return above is null ? Comparator.Nothing : new Comparator(Bounds.FirstPrerelease, version.Patch is null ? Bounds.LowestOf(lowest) : lowest, named);
            case "~" or "~>":
                return above is null ? Comparator.Any : new Comparator(lowest, version.Minor is null ? version.NextMajor : version.NextMinor, named);
            case "^":
                return above is null ? Comparator.Any : new Comparator(lowest, CaretUpper(version), named);
            default:
                return null;
        }
    }

    /// <summary>The first version that may break: the leftmost number that is not zero goes up.</summary>
    private static SemanticVersion CaretUpper(Partial version)
    {
        if (!version.Major!.Value.IsZero || version.Minor is null) return version.NextMajor;
        if (!version.Minor.Value.IsZero || version.Patch is null) return version.NextMinor;
        return Bounds.LowestOf(Bounds.NextRelease(version.Lowest));
    }

    private static Partial? ParsePartial(ReadOnlySpan<char> text)
    {
        if (text is ['v', ..]) text = text[1..];
        if (!SemanticVersion.SplitTags(text, out var core, out var prerelease, out _)) return null;
        Span<Range> parts = stackalloc Range[4];
        var count = core.Split(parts, '.');
        if (count > 3) return null;
        Span<bool> wild = [true, true, true];
        var numbers = new BigInteger[3];
        for (var i = 0; i < count; i++)
        {
            var part = core[parts[i]];
            wild[i] = part is "x" or "X" or "*";
            if (!wild[i] && !SemanticVersion.TryNumber(part, out numbers[i])) return null;
        }
        // A number after a wildcard means nothing: 1.x.3 is 1.x.
        wild[1] |= wild[0];
        wild[2] |= wild[1];
        if (count < 3 && (!prerelease.IsEmpty || text.Contains('+'))) return null;
        return new Partial(wild[0] ? null : numbers[0], wild[1] ? null : numbers[1], wild[2] ? null : numbers[2], wild[2] ? [] : prerelease);
    }
}
