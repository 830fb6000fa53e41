using System.Collections.Immutable;

namespace LazyOC.Tui.Details.Text;

/// <summary>A line of a difference.</summary>
/// <param name="Sign"><c>+</c>, <c>-</c>, a space for what stays, or <c>…</c> for lines that are left out.</param>
/// <param name="Text">The line.</param>
internal readonly record struct DiffLine(char Sign, string Text);

/// <summary>What differs between two texts, line by line, with the lines around it.</summary>
internal static class LineDiff
{
    private const int Context = 3;

    /// <summary>Table cells of the comparison; beyond it all lines between the common beginning and end count as different.</summary>
    private const long MaxCells = 4_000_000;

    public static ImmutableArray<DiffLine> Of(string before, string after)
    {
        string[] old = [.. before.TrimEnd('\n').Split('\n')];
        string[] now = [.. after.TrimEnd('\n').Split('\n')];
        var head = 0;
        while (head < old.Length && head < now.Length && old[head] == now[head])
            head++;
        var tail = 0;
        while (tail < old.Length - head && tail < now.Length - head && old[^(tail + 1)] == now[^(tail + 1)])
            tail++;
        var lines = new List<DiffLine>();
        lines.AddRange(old.Take(head).Select(Same));
        lines.AddRange(Middle(old[head..(old.Length - tail)], now[head..(now.Length - tail)]));
        lines.AddRange(old.Skip(old.Length - tail).Select(Same));
        return Narrow(lines);
    }

    private static DiffLine Same(string line) => new(' ', line);

    /// <summary>By the longest common subsequence.</summary>
    private static IEnumerable<DiffLine> Middle(string[] old, string[] now)
    {
        if ((long)old.Length * now.Length > MaxCells)
            return old.Select(line => new DiffLine('-', line)).Concat(now.Select(line => new DiffLine('+', line)));
        var common = new int[old.Length + 1, now.Length + 1];
        for (var i = old.Length - 1; i >= 0; i--)
        {
            for (var j = now.Length - 1; j >= 0; j--)
                common[i, j] = old[i] == now[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
        }
        var lines = new List<DiffLine>();
        int x = 0, y = 0;
        while (x < old.Length || y < now.Length)
        {
            if (x < old.Length && y < now.Length && old[x] == now[y])
                (lines, x, y) = (Added(lines, Same(old[x])), x + 1, y + 1);
            else if (x < old.Length && (y == now.Length || common[x + 1, y] >= common[x, y + 1]))
                lines.Add(new DiffLine('-', old[x++]));
            else
                lines.Add(new DiffLine('+', now[y++]));
        }
        return lines;
    }

    private static List<DiffLine> Added(List<DiffLine> lines, DiffLine line)
    {
        lines.Add(line);
        return lines;
    }

    private static ImmutableArray<DiffLine> Narrow(List<DiffLine> lines)
    {
        var near = new bool[lines.Count];
        for (var i = 0; i < lines.Count; i++)
        {
            for (var j = Math.Max(0, i - Context); lines[i].Sign != ' ' && j <= Math.Min(lines.Count - 1, i + Context); j++)
                near[j] = true;
        }
        var narrowed = ImmutableArray.CreateBuilder<DiffLine>();
        for (var i = 0; i < lines.Count; i++)
        {
            if (near[i])
                narrowed.Add(lines[i]);
            else if (i > 0 && near[i - 1] && near.AsSpan(i).Contains(true))
                narrowed.Add(new DiffLine('…', ""));
        }
        return narrowed.ToImmutable();
    }
}
