using System.Collections.Immutable;
using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.Widgets;

/// <summary>Titles of tabs on one line, the current one marked.</summary>
internal sealed record TabsLine(ImmutableArray<string> Titles, int Current)
{
    /// <summary>Cells of a title at most.</summary>
    private const int WidestTitle = 30;

    /// <summary>Whether the line itself has the keyboard.</summary>
    public bool Focused { get; init; }

    /// <summary>Draws as many tabs as fit, always with the current one.</summary>
    public void Draw(Canvas canvas, int y)
    {
        var first = FirstShown(canvas.Width);
        if (first > 0)
            canvas.Write(0, y, "‹ ", Style.Muted);
        var x = first > 0 ? 2 : 0;
        for (var i = first; i < Titles.Length; i++)
        {
            if (!Fits(i, x, canvas.Width))
            {
                canvas.Write(x, y, "›", Style.Muted);
                return;
            }
            DrawTab(canvas, x, y, i);
            x += TabWidth(i);
        }
    }

    /// <summary>The tab drawn at <paramref name="x"/> of a line of <paramref name="width"/> cells; null beside the tabs.</summary>
    public int? TabAt(int x, int width)
    {
        var first = FirstShown(width);
        var left = first > 0 ? 2 : 0;
        for (var i = first; i < Titles.Length && Fits(i, left, width); i++)
        {
            if (x >= left && x < left + TabWidth(i) - 1)
                return i;
            left += TabWidth(i);
        }
        return null;
    }

    private void DrawTab(Canvas canvas, int x, int y, int index)
    {
        var width = TabWidth(index) - 3;
        var style = index == Current ? new Style(Focused ? Tone.Focus : Tone.Strong, Surface.Raised, TextAttributes.Bold) : Style.Muted;
        canvas.Write(x, y, index == Current ? Focused ? "▌" : "[" : " ", style);
        canvas.Write(x + 1, y, width, Titles[index], style);
        canvas.Write(x + 1 + width, y, index == Current ? Focused ? "▐" : "]" : " ", style);
    }

    private int FirstShown(int width)
    {
        var used = TabWidth(Current);
        var first = Current;
        while (first > 0 && used + TabWidth(first - 1) <= width - 2)
            used += TabWidth(--first);
        return first;
    }

    private bool Fits(int index, int x, int width) => index <= Current || x + TabWidth(index) - (index == Titles.Length - 1 ? 1 : 0) <= width;

    private int TabWidth(int index) => Math.Min(WidestTitle, CellText.WidthOf(Titles[index], WidestTitle)) + 3;
}
