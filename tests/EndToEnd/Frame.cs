using System.Text;

namespace LazyOC.EndToEnd.Tests;

/// <summary>What a terminal shows, in cells: a character of two columns has an empty cell behind it.</summary>
internal sealed class Frame
{
    private readonly string[][] _cells;

    public Frame(string text)
    {
        Text = text;
        _cells = [.. text.Split('\n').Select(line => CellsOf(line).ToArray())];
    }

    public string Text { get; }

    public int Height => _cells.Length;

    /// <summary>The lines inside the panel whose border begins with a title; empty when there is none.</summary>
    public string[] Panel(string title) => AreaOf(title) is { } area ? [.. Enumerable.Range(area.Top, area.Height).Select(y => Slice(y, area.Left, area.Width))] : [];

    /// <summary>The text of a panel's upper and lower border; empty when there is none.</summary>
    public string BorderOf(string title) => AreaOf(title) is { } area ? Slice(area.Top - 1, area.Left, area.Width) + Slice(area.Top + area.Height, area.Left, area.Width) : "";

    /// <summary>The cell where a text begins inside a panel.</summary>
    public (int X, int Y)? Find(string title, string text)
    {
        if (AreaOf(title) is not { } area)
            return null;
        for (var y = area.Top; y < area.Top + area.Height; y++)
        {
            if (Slice(y, area.Left, area.Width).IndexOf(text, StringComparison.Ordinal) is >= 0 and var at)
                return (area.Left + CellsOf(Slice(y, area.Left, area.Width)[..at]).Count(), y);
        }
        return null;
    }

    /// <summary>The character in a cell; a blank beyond the end of a line.</summary>
    public string this[int x, int y] => x < _cells[y].Length ? _cells[y][x] : " ";

    /// <summary>The inside of a panel.</summary>
    public (int Left, int Top, int Width, int Height)? AreaOf(string title)
    {
        for (var y = 0; y < Height; y++)
        {
            for (var x = 0; x < _cells[y].Length; x++)
            {
                var isDouble = _cells[y][x] == "╔"; // the frame of what a plugin asks
                if (!(isDouble || _cells[y][x] == "╭") || !Slice(y, x + 1, title.Length + 4).TrimStart('─', '═', ' ').StartsWith(title, StringComparison.Ordinal))
                    continue;
                var right = Array.IndexOf(_cells[y], isDouble ? "╗" : "╮", x);
                var bottom = Enumerable.Range(y + 1, Height - y - 1).FirstOrDefault(below => this[x, below] == (isDouble ? "╚" : "╰"));
                if (right > 0 && bottom > 0)
                    return (x + 1, y + 1, right - x - 1, bottom - y - 1);
            }
        }
        return null;
    }

    private string Slice(int y, int left, int width) => string.Concat(Enumerable.Range(left, width).Select(x => this[x, y]));

    private static IEnumerable<string> CellsOf(string line)
    {
        string? last = null;
        foreach (var rune in line.EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(rune) is System.Globalization.UnicodeCategory.NonSpacingMark or System.Globalization.UnicodeCategory.Format)
            {
                last += rune;
                continue;
            }
            if (last is not null)
                yield return last;
            if (last is not null && IsWide(last.EnumerateRunes().First()))
                yield return "";
            last = rune.ToString();
        }
        if (last is not null)
            yield return last;
    }

    /// <summary>The blocks of wide characters that the tests use.</summary>
    private static bool IsWide(Rune rune) => rune.Value is (>= 0x1100 and <= 0x115f) or (>= 0x2e80 and <= 0xa4cf) or (>= 0xac00 and <= 0xd7a3) or (>= 0xff00 and <= 0xff60) or (>= 0x1f300 and <= 0x1faff);
}
