namespace LazyOC.Plugins.Contracts.Json;

/// <summary>Finds what someone probably meant to type.</summary>
public static class NearestName
{
    /// <summary>Longer names are not compared; nobody mistypes them by a letter or two.</summary>
    private const int MaxLength = 64;

    /// <summary>The candidate within a third of the name's length in edits; null when there is none.</summary>
    public static string? Of(string name, IEnumerable<string> candidates) => Near(name, candidates).FirstOrDefault();

    /// <summary>The candidates within a third of the name's length in edits, the nearest first.</summary>
    public static IEnumerable<string> Near(string name, IEnumerable<string> candidates)
    {
        if (name.Length > MaxLength) return [];
        var farthest = Math.Max(1, name.Length / 3);
        return candidates
            .Where(candidate => candidate.Length <= MaxLength)
            .Select(candidate => (Name: candidate, Distance: Distance(name, candidate)))
            .Where(candidate => candidate.Distance <= farthest)
            .OrderBy(candidate => candidate.Distance)
            .Select(candidate => candidate.Name);
    }

    /// <summary>Edits, with a swap of neighbours as one (optimal string alignment), ignoring case.</summary>
    private static int Distance(string left, string right)
    {
        var (before, previous, current) = (new int[right.Length + 1], new int[right.Length + 1], new int[right.Length + 1]);
        for (var j = 0; j <= right.Length; j++) previous[j] = j;
        for (var i = 1; i <= left.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var cost = Same(left[i - 1], right[j - 1]) ? 0 : 1;
                current[j] = Math.Min(Math.Min(current[j - 1], previous[j]) + 1, previous[j - 1] + cost);
                if (i > 1 && j > 1 && Same(left[i - 1], right[j - 2]) && Same(left[i - 2], right[j - 1]))
                    current[j] = Math.Min(current[j], before[j - 2] + 1);
            }
            (before, previous, current) = (previous, current, before);
        }
        return previous[right.Length];
    }

    private static bool Same(char left, char right) => char.ToLowerInvariant(left) == char.ToLowerInvariant(right);
}
