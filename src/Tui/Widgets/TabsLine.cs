using System.Collections.Immutable;
using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.Widgets;

/// <summary>Titles of tabs on one line, the current one marked.</summary>
internal sealed record TabsLine(ImmutableArray<string> Titles, int Current)
{
    /// <summary>Draws as many tabs as fit, always with the current one.</summary>
    public void Draw(Canvas canvas, int y)
    {
        var first = 0;
        while (first < Current && Titles[first..(Current + 1)].Sum(TabWidth) > canvas.Width - 2)
            first++;
        var x = 0;
        if (first > 0)
            x += canvas.Write(x, y, "‹ ", Style.Muted);
        for (var i = first; i < Titles.Length; i++)
        {
            var last = i == Titles.Length - 1;
            if (i > Current && x + TabWidth(Titles[i]) + (last ? 0 : 1) > canvas.Width)
            {
                canvas.Write(x, y, "›", Style.Muted);
                return;
            }
            x += i == Current
                ? canvas.Write(x, y, $"[{Titles[i]}]", new Style(Tone.Strong, Surface.Raised, TextAttributes.Bold))
                : canvas.Write(x, y, $" {Titles[i]} ", Style.Muted);
            x++;
        }
    }

    private static int TabWidth(string title) => CellText.WidthOf(title) + 3;
}
