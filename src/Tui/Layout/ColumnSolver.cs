namespace LazyOC.Tui.Layout;

/// <summary>What a column asks for.</summary>
/// <param name="Minimum">Cells below which it is dropped rather than shown.</param>
/// <param name="Natural">Cells that show everything.</param>
/// <param name="Priority">Columns with a lower value are dropped later; 0 is never dropped while one cell is left.</param>
internal readonly record struct ColumnDemand(int Minimum, int Natural, int Priority);

/// <summary>Shares a width between columns, without allocating: it runs in every frame.</summary>
internal static class ColumnSolver
{
    /// <summary>
    /// Finds the widths of the columns, 0 for those that are dropped. The sum with <paramref name="gap"/> between shown
    /// columns never exceeds <paramref name="width"/>. While there is too little room the widest shown columns shrink
    /// first, then the least important are dropped.
    /// </summary>
    /// <param name="width">Cells there are.</param>
    /// <param name="gap">Cells between two shown columns.</param>
    /// <param name="demands">What each column asks for.</param>
    /// <param name="widths">Takes the result, one for each demand.</param>
    public static void Solve(int width, int gap, ReadOnlySpan<ColumnDemand> demands, Span<int> widths)
    {
        for (var i = 0; i < widths.Length; i++)
            widths[i] = demands[i].Minimum;
        while (Total(widths, gap) > width && LeastImportant(demands, widths) is >= 0 and var drop)
            widths[drop] = 0;
        for (var i = 0; i < widths.Length; i++)
            widths[i] = widths[i] > 0 ? Math.Max(demands[i].Minimum, demands[i].Natural) : 0;
        Shrink(widths, demands, Total(widths, gap) - width);
    }

    /// <summary>Cells that columns take with the gaps between those that are shown.</summary>
    public static int Total(ReadOnlySpan<int> widths, int gap)
    {
        var total = -gap;
        foreach (var width in widths)
            total += width > 0 ? width + gap : 0;
        return Math.Max(0, total);
    }

    /// <summary>Takes cells from the widest column that may still shrink, level by level, so that long columns give first.</summary>
    private static void Shrink(Span<int> widths, ReadOnlySpan<ColumnDemand> demands, int excess)
    {
        while (excess > 0)
        {
            var widest = -1;
            for (var i = 0; i < widths.Length; i++)
            {
                if (widths[i] > demands[i].Minimum && (widest < 0 || widths[i] > widths[widest]))
                    widest = i;
            }
            // The last column left may fall below its minimum: there is nothing else to take from.
            if (widest < 0)
                widest = widths.IndexOfAnyExceptInRange(int.MinValue, 0);
            if (widest < 0)
                return;
            widths[widest]--;
            excess--;
        }
    }

    /// <summary>Index of the shown column to drop next; -1 when all that are left must stay.</summary>
    private static int LeastImportant(ReadOnlySpan<ColumnDemand> demands, ReadOnlySpan<int> widths)
    {
        var least = -1;
        for (var i = 0; i < demands.Length; i++)
        {
            if (widths[i] > 0 && demands[i].Priority > 0 && (least < 0 || demands[i].Priority >= demands[least].Priority))
                least = i;
        }
        return least;
    }
}
