namespace LazyOC.Tui.Screen;

/// <summary>Finds what a user may have meant.</summary>
internal static class NearestNames
{
    private const int Shown = 3;
    private const int LongestName = 64;

    /// <summary>A hint: the names nearest to what was given, or the first of all when none is near.</summary>
    public static string Hint(string given, IEnumerable<string> names, string whenEmpty)
    {
        var all = names.Distinct(StringComparer.Ordinal).ToList();
        if (all.Count == 0)
            return whenEmpty;
        var near = all
            .Select(name => (name, distance: name.StartsWith(given, StringComparison.OrdinalIgnoreCase) ? 0 : Distance(given, name)))
            .Where(n => n.distance <= Math.Max(2, given.Length / 2))
            .OrderBy(n => n.distance).ThenBy(n => n.name, StringComparer.Ordinal)
            .Take(Shown).Select(n => n.name).ToList();
        return near.Count > 0 ? $"did you mean {Quoted(near, " or ")}" : $"there are {Quoted(all.Take(Shown), ", ")}{(all.Count > Shown ? " and others" : "")}";
    }

    private static string Quoted(IEnumerable<string> names, string separator) => string.Join(separator, names.Select(n => $"`{n}`"));

    /// <summary>Levenshtein distance, ignoring case.</summary>
    private static int Distance(string left, string right)
    {
        if (left.Length > LongestName || right.Length > LongestName)
            return int.MaxValue;
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var cost = char.ToLowerInvariant(left[i - 1]) == char.ToLowerInvariant(right[j - 1]) ? 0 : 1;
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + cost));
            }
        }
        return row[^1];
    }
}
