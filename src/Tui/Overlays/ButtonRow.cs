using System.Collections.Immutable;
using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.Overlays;

/// <summary>A button of an overlay.</summary>
/// <param name="Label">What it does.</param>
/// <param name="Tone">How bad that can be.</param>
/// <param name="Enabled">Whether it can be pressed now.</param>
internal readonly record struct OverlayButton(string Label, Tone Tone = Tone.Plain, bool Enabled = true);

/// <summary>Buttons on one row, at the right.</summary>
internal sealed record ButtonRow(ImmutableArray<OverlayButton> Buttons, int Focused)
{
    private const int Gap = 2;

    /// <summary>Draws them into the row <paramref name="row"/> of a canvas.</summary>
    public void Draw(Canvas canvas, Rect row)
    {
        foreach (var (index, area) in AreasIn(row))
        {
            var button = Buttons[index];
            var focused = index == Focused && button.Enabled;
            var style = new Style(button.Enabled ? button.Tone : Tone.Muted, focused ? Surface.Selected : Surface.Raised, focused ? TextAttributes.Bold : TextAttributes.None);
            var part = canvas.Part(area);
            part.Fill(style);
            part.Write(0, 0, area.Width, focused ? $"▸ {button.Label} " : $"  {button.Label} ", style);
        }
    }

    /// <summary>The enabled button at a place; null when there is none.</summary>
    public int? At(Rect row, int x, int y)
    {
        foreach (var (index, area) in AreasIn(row))
        {
            if (area.Contains(x, y) && Buttons[index].Enabled)
                return index;
        }
        return null;
    }

    private IEnumerable<(int Index, Rect Area)> AreasIn(Rect row)
    {
        if (row.IsEmpty)
            yield break;
        var x = row.Right;
        for (var i = Buttons.Length - 1; i >= 0; i--)
        {
            var width = CellText.WidthOf(Buttons[i].Label) + 4;
            x -= width;
            if (x < row.X)
                yield break;
            yield return (i, new Rect(x, row.Y, width, 1));
            x -= Gap;
        }
    }
}
