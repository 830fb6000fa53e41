namespace LazyOC.Marketplace.Plugins;

/// <summary>How many letters were mistyped: inserted, left out, replaced, or swapped with their neighbour (optimal string alignment).</summary>
internal static class EditDistance
{
    private const int MaxChars = 64;

    /// <summary>How many mistakes a word may have and still be meant.</summary>
    public static int Allowed(string word) => word.Length < 4 ? 0 : word.Length < 7 ? 1 : 2;

    /// <summary>The distance between two words, of which long ones are compared by their beginnings.</summary>
    public static int Of(ReadOnlySpan<char> left, ReadOnlySpan<char> right)
    {
        left = left[..Math.Min(left.Length, MaxChars)];
        right = right[..Math.Min(right.Length, MaxChars)];
        Span<int> before = stackalloc int[MaxChars + 1];
        Span<int> above = stackalloc int[MaxChars + 1];
        Span<int> row = stackalloc int[MaxChars + 1];
        for (var j = 0; j <= right.Length; j++) above[j] = j;
        for (var i = 1; i <= left.Length; i++)
        {
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var cost = left[i - 1] == right[j - 1] ? 0 : 1;
                row[j] = Math.Min(Math.Min(above[j] + 1, row[j - 1] + 1), above[j - 1] + cost);
                if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1]) row[j] = Math.Min(row[j], before[j - 2] + 1);
            }
            above.CopyTo(before);
            row.CopyTo(above);
        }
        return above[right.Length];
    }
}
