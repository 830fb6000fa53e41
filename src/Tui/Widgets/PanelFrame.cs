using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.Widgets;

/// <summary>A panel's border.</summary>
/// <param name="Title">On the top border, left.</param>
/// <param name="Note">On the top border, right.</param>
/// <param name="Footer">On the bottom border, right.</param>
/// <param name="Focused">Whether it has the keyboard.</param>
internal sealed record PanelFrame(string Title, string Note = "", string Footer = "", bool Focused = false)
{
    /// <summary>Draws the border and gives the area inside, with a column of air on both sides when there is room.</summary>
    public Canvas Draw(Canvas canvas)
    {
        var (width, height) = (canvas.Width, canvas.Height);
        if (width < 4 || height < 3)
            return canvas; // no room for a border: all of it for the content
        var border = new Style(Focused ? Tone.Focus : Tone.Border);
        var across = new string('─', width - 2);
        canvas.Write(0, 0, $"╭{across}╮", border);
        canvas.Write(0, height - 1, $"╰{across}╯", border);
        for (var y = 1; y < height - 1; y++)
        {
            canvas.Write(0, y, "│", border);
            canvas.Write(width - 1, y, "│", border);
        }
        DrawTitle(canvas, border);
        Inscribe(canvas, height - 1, Footer, Style.Muted, width - 4);
        return canvas.Part(InsideOf(canvas.Area));
    }

    /// <summary>The area inside the border of a panel.</summary>
    public static Rect InsideOf(Rect panel)
    {
        if (panel.Width < 4 || panel.Height < 3)
            return panel;
        var air = panel.Width >= 12 ? 1 : 0;
        return new Rect(panel.X + 1 + air, panel.Y + 1, panel.Width - 2 - 2 * air, panel.Height - 2);
    }

    private void DrawTitle(Canvas canvas, Style border)
    {
        var room = canvas.Width - 4;
        var titleWidth = Math.Min(CellText.WidthOf(Title, room), room - 2);
        if (Title.Length > 0 && titleWidth > 0)
        {
            canvas.Write(1, 0, "─ ", border);
            canvas.Write(3, 0, titleWidth, Title, Focused ? border.Bold() : Style.Plain);
            canvas.Write(3 + titleWidth, 0, " ", border);
        }
        Inscribe(canvas, 0, Note, Style.Muted, room - titleWidth - 3);
    }

    /// <summary>Writes at the right end of a border, if there is room.</summary>
    private static void Inscribe(Canvas canvas, int y, string text, Style style, int room)
    {
        var width = CellText.WidthOf(text, canvas.Width) + 2;
        if (text.Length > 0 && width <= room)
            canvas.Write(canvas.Width - 2 - width, y, $" {text} ", style);
    }
}
