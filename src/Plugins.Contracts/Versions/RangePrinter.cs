namespace LazyOC.Plugins.Contracts.Versions;

/// <summary>Writes a range so that <see cref="RangeParser"/> reads the same set back.</summary>
internal static class RangePrinter
{
    public static string Print(VersionRange range, IntervalSet releases, IntervalSet prereleases)
    {
        if (range.IsEmpty) return "<0.0.0-0";
        if (prereleases.Intervals is [.., { Upper: null }]) return range.Equals(VersionRange.All) ? "not (<0.0.0-0)" : $"not ({range.Complement()})";
        var alternatives = new List<string>();
        foreach (var interval in releases.Intervals) alternatives.Add(PrintReleases(interval));
        foreach (var interval in prereleases.Intervals) PrintPrereleases(interval, alternatives);
        return string.Join(" || ", alternatives);
    }

    private static string PrintReleases(Interval interval)
    {
        var (lower, upper) = (interval.Lower, interval.Upper);
        var fromStart = lower.Equals(Bounds.FirstRelease);
        if (upper is null) return fromStart ? "*" : $">={lower}";
        if (upper.Equals(Bounds.NextRelease(lower))) return lower.ToString();
        if (upper.Equals(NextBreaking(lower))) return $"^{lower}";
        return fromStart ? $"<{upper}" : $">={lower} <{upper}";
    }

    private static SemanticVersion? NextBreaking(SemanticVersion version) =>
        !version.Major.IsZero ? new(version.Major + 1, 0, 0)
        : !version.Minor.IsZero ? new(0, version.Minor + 1, 0)
        : null;

    /// <summary>npm's syntax names prereleases one version at a time, so an interval over several versions is split.</summary>
    private static void PrintPrereleases(Interval interval, List<string> alternatives)
    {
        var from = interval.Lower;
        while (from.CompareRelease(interval.Upper!) < 0)
        {
            alternatives.Add($">={from} <{Bounds.ReleaseOf(from)}");
            from = Bounds.LowestOf(Bounds.NextRelease(from));
        }
        if (from.CompareTo(interval.Upper) >= 0) return;
        alternatives.Add(Bounds.After(from).Equals(interval.Upper) ? from.ToString() : $">={from} <{interval.Upper}");
    }
}
