using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.Widgets;

/// <summary>Where a view stands in what it shows a part of.</summary>
/// <param name="Total">Rows there are.</param>
/// <param name="Shown">Rows in sight.</param>
/// <param name="Top">First row in sight.</param>
internal readonly record struct Scrollbar(int Total, int Shown, int Top)
{
    /// <summary>Whether there is anything to scroll.</summary>
    public bool IsNeeded => Total > Shown && Shown > 0;

    /// <summary>Rows that can be scrolled away at most.</summary>
    public int MaxTop => Math.Max(0, Total - Shown);

    /// <summary>Draws the thumb over a column of <paramref name="height"/> rows, such as a panel's right border; nothing when all is in sight.</summary>
    public void Draw(Canvas canvas, int x, int y, int height, bool focused)
    {
        if (!IsNeeded || height <= 0)
            return;
        var (start, length) = Thumb(height);
        for (var row = 0; row < length; row++)
            canvas.Write(x, y + start + row, "┃", new Style(focused ? Tone.Focus : Tone.Muted));
    }

    /// <summary>Draws the thumb on the right border of a panel that fills the canvas.</summary>
    public void DrawOnBorder(Canvas panel, bool focused)
    {
        if (panel.Width >= 4 && panel.Height >= 3)
            Draw(panel, panel.Width - 1, 1, panel.Height - 2, focused);
    }

    /// <summary>The top row that a press on row <paramref name="y"/> of a bar of <paramref name="height"/> rows asks for.</summary>
    public int TopAt(int y, int height) =>
        height <= 1 ? 0 : (int)Math.Round((double)Math.Clamp(y, 0, height - 1) / (height - 1) * MaxTop);

    /// <summary>First row and length of the thumb: it touches an end only when that end is in sight.</summary>
    private (int Start, int Length) Thumb(int height)
    {
        var length = Math.Clamp((int)((long)height * Shown / Total), 1, height);
        var free = height - length;
        var start = (int)((long)free * Math.Clamp(Top, 0, MaxTop) / MaxTop);
        if (free >= 2)
            start = Top <= 0 ? 0 : Top >= MaxTop ? free : Math.Clamp(start, 1, free - 1);
        return (start, length);
    }
}
