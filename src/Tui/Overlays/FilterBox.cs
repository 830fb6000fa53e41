using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.Overlays;

/// <summary>Where the parts of a box with a filter and choices stand, in the coordinates its box has.</summary>
/// <param name="Field">The row one types in.</param>
/// <param name="Separator">The row of the line below it; null where there is no room for one.</param>
/// <param name="Rows">The choices.</param>
/// <param name="Footer">The last row inside, for what the selected choice has to say; empty where there is no room.</param>
internal readonly record struct FilterBox(Rect Field, int? Separator, Rect Rows, Rect Footer)
{
    /// <summary>Rows that are no choices: borders, field, separator, footer.</summary>
    public const int Chrome = 5;

    /// <summary>Lower boxes go without separator and footer.</summary>
    private const int RoomyFrom = 9;

    public static FilterBox Of(Rect box)
    {
        var (field, rows) = OverlayFrame.Inside(box).SplitTop(1);
        if (box.Height < RoomyFrom)
            return new FilterBox(field, null, rows, default);
        (var separator, rows) = rows.SplitTop(1);
        (rows, var footer) = rows.SplitBottom(1);
        return new FilterBox(field, separator.Y, rows, footer);
    }

    /// <summary>Draws border, filter and separator on the box's canvas; gives the canvas of the rows.</summary>
    public Canvas Draw(Canvas canvas, OverlayFrame frame, Choices choices, string prompt)
    {
        frame.Draw(canvas);
        var field = canvas.Part(Field);
        var start = field.Write(0, 0, prompt, new Style(Tone.Key).Bold());
        choices.Filter.Draw(field, start, 0, field.Width - start, focused: true);
        if (Separator is { } y)
            frame.DrawSeparator(canvas, y);
        if (Rows.Right < canvas.Width)
            choices.ScrollbarIn(Rows.Height).Draw(canvas, canvas.Width - 1, Rows.Y, Rows.Height, focused: true);
        return canvas.Part(Rows);
    }
}
