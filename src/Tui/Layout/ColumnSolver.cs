using System.Collections.Immutable;

namespace LazyOC.Tui.Layout;

/// <summary>What a column asks for.</summary>
/// <param name="Minimum">Cells below which it is dropped rather than shown.</param>
/// <param name="Natural">Cells that show everything.</param>
/// <param name="Priority">Columns with a lower value are dropped later; 0 is never dropped while one cell is left.</param>
internal readonly record struct ColumnDemand(int Minimum, int Natural, int Priority);

/// <summary>Shares a width between columns.</summary>
internal static class ColumnSolver
{
    /// <summary>
    /// Widths of the columns, 0 for those that are dropped. The sum with <paramref name="gap"/> between shown columns
    /// never exceeds <paramref name="width"/>. While there is too little room the widest shown columns shrink first,
    /// then the least important are dropped.
    /// </summary>
    public static ImmutableArray<int> Solve(int width, int gap, ReadOnlySpan<ColumnDemand> demands)
    {
        var shown = new bool[demands.Length];
        Array.Fill(shown, true);
        while (Total(demands, shown, gap, d => d.Minimum) > width && LeastImportant(demands, shown) is { } drop)
            shown[drop] = false;

        var widths = new int[demands.Length];
        for (var i = 0; i < widths.Length; i++)
            widths[i] = shown[i] ? Math.Max(demands[i].Minimum, demands[i].Natural) : 0;
        var shownCount = shown.Count(s => s);
        var excess = widths.Sum() + gap * Math.Max(0, shownCount - 1) - width;
        Shrink(widths, demands, excess);
        return [.. widths];
    }

    /// <summary>Takes cells from the widest column that may still shrink, level by level, so that long columns give first.</summary>
    private static void Shrink(int[] widths, ReadOnlySpan<ColumnDemand> demands, int excess)
    {
        while (excess > 0)
        {
            var widest = -1;
            for (var i = 0; i < widths.Length; i++)
            {
                // The last column left may fall below its minimum: there is nothing else to take from.
                if (widths[i] > demands[i].Minimum && (widest < 0 || widths[i] > widths[widest]))
                    widest = i;
            }
            if (widest < 0)
                widest = Array.FindIndex(widths, w => w > 0);
            if (widest < 0)
                return;
            widths[widest]--;
            excess--;
        }
    }

    private static int Total(ReadOnlySpan<ColumnDemand> demands, bool[] shown, int gap, Func<ColumnDemand, int> select)
    {
        int total = 0, count = 0;
        for (var i = 0; i < demands.Length; i++)
        {
            if (!shown[i])
                continue;
            total += select(demands[i]);
            count++;
        }
        return total + gap * Math.Max(0, count - 1);
    }

    private static int? LeastImportant(ReadOnlySpan<ColumnDemand> demands, bool[] shown)
    {
        int? least = null;
        for (var i = 0; i < demands.Length; i++)
        {
            if (shown[i] && demands[i].Priority > 0 && (least is not { } l || demands[i].Priority >= demands[l].Priority))
                least = i;
        }
        return least;
    }
}
