namespace LazyOC.Marketplace.Plugins;

/// <summary>How many letters were mistyped, or two names differ by: inserted, left out, replaced, or swapped with their neighbour (optimal string alignment).</summary>
internal static class EditDistance
{
    /// <summary>How many mistakes a word may have and still be meant.</summary>
    public static int Allowed(string word) => word.Length < 4 ? 0 : word.Length < 7 ? 1 : 2;

    /// <summary>Edits from one to the other; <paramref name="most"/> + 1 when there are more.</summary>
    /// <remarks>Takes time proportional to the length and <paramref name="most"/>: only cells near the diagonal are looked at.</remarks>
    public static int AtMost(string left, string right, int most)
    {
        if (Math.Abs(left.Length - right.Length) > most) return most + 1;
        var far = most + 1;
        var (before, previous, current) = (new int[right.Length + 1], new int[right.Length + 1], new int[right.Length + 1]);
        for (var j = 0; j <= right.Length; j++) previous[j] = Math.Min(j, far);
        for (var i = 1; i <= left.Length; i++)
        {
            Array.Fill(current, far);
            if (i <= most) current[0] = i;
            for (var j = Math.Max(1, i - most); j <= Math.Min(right.Length, i + most); j++)
            {
                var cost = left[i - 1] == right[j - 1] ? 0 : 1;
                var best = Math.Min(Math.Min(current[j - 1], previous[j]) + 1, previous[j - 1] + cost);
                if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1]) best = Math.Min(best, before[j - 2] + 1);
                current[j] = Math.Min(best, far);
            }
            (before, previous, current) = (previous, current, before);
        }
        return previous[right.Length];
    }
}
