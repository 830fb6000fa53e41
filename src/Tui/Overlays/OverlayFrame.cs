using System.Collections.Immutable;
using LazyOC.Tui.Screen;
using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.Overlays;

/// <summary>The border of an overlay, with its title and its keys.</summary>
/// <param name="Title">In the host's words.</param>
internal sealed record OverlayFrame(string Title)
{
    /// <summary>On the top border, right.</summary>
    public string Note { get; init; } = "";

    /// <summary>Keys, on the bottom border; those that do not fit are left out.</summary>
    public ImmutableArray<KeyHint> Hints { get; init; } = [];

    public Tone Tone { get; init; } = Tone.Focus;

    /// <summary>Whose question it is when not the host's: it has a border of its own, which nothing else on the screen has.</summary>
    public PluginMark? Plugin { get; init; }

    /// <summary>A box in the middle of a frame, a little above the centre, with air around it where there is room.</summary>
    public static Rect Centered(FrameSize size, int width, int height)
    {
        var w = Math.Min(width, size.Width >= 44 ? size.Width - 4 : size.Width);
        var h = Math.Min(height, size.Height >= 16 ? size.Height - 4 : size.Height >= 8 ? size.Height - 2 : size.Height);
        return new Rect((size.Width - w) / 2, (size.Height - h) * 2 / 5, w, h);
    }

    /// <summary>The area inside the border of a box.</summary>
    public static Rect Inside(Rect box) => HasBorder(box.Width, box.Height) ? box.Inset(2, 1) : box;

    /// <summary>Blanks the canvas, draws the border and gives the area inside.</summary>
    public Canvas Draw(Canvas canvas)
    {
        canvas.Fill(Style.Plain);
        if (!HasBorder(canvas.Width, canvas.Height))
            return canvas;
        var border = new Style(Tone);
        var line = Plugin is null ? "╭─╮│╰╯" : "╔═╗║╚╝";
        var across = new string(line[1], canvas.Width - 2);
        canvas.Write(0, 0, $"{line[0]}{across}{line[2]}", border);
        canvas.Write(0, canvas.Height - 1, $"{line[4]}{across}{line[5]}", border);
        for (var y = 1; y < canvas.Height - 1; y++)
        {
            canvas.Write(0, y, line.AsSpan(3, 1), border);
            canvas.Write(canvas.Width - 1, y, line.AsSpan(3, 1), border);
        }
        DrawTitle(canvas, border);
        DrawHints(canvas);
        return canvas.Part(Inside(canvas.Area));
    }

    /// <summary>A line across the whole box, joined with its border.</summary>
    public void DrawSeparator(Canvas canvas, int y)
    {
        if (!HasBorder(canvas.Width, canvas.Height))
            return;
        var (left, right) = Plugin is null ? ('├', '┤') : ('╟', '╢');
        canvas.Write(0, y, $"{left}{new string('─', canvas.Width - 2)}{right}", new Style(Tone));
    }

    private static bool HasBorder(int width, int height) => width >= 8 && height >= 3;

    private void DrawTitle(Canvas canvas, Style border)
    {
        var room = canvas.Width - 6;
        var title = Math.Min(CellText.WidthOf(Title, room), room);
        canvas.Write(2, 0, " ", border);
        canvas.Write(3, 0, title, Title, border.Bold());
        canvas.Write(3 + title, 0, " ", border);
        var note = CellText.WidthOf(Note, room);
        if (note > 0 && note + 3 <= room - title)
            canvas.Write(canvas.Width - 4 - note, 0, $" {Note} ", Style.Muted);
    }

    private void DrawHints(Canvas canvas)
    {
        var y = canvas.Height - 1;
        var x = 2;
        foreach (var hint in Hints)
        {
            var width = CellText.WidthOf(hint.Key) + CellText.WidthOf(hint.Action) + 3;
            if (x + width > canvas.Width - 2)
                break;
            x += canvas.Write(x, y, " ", Style.Plain);
            x += canvas.Write(x, y, hint.Key, new Style(Tone.Key).Bold());
            x += canvas.Write(x, y, $" {hint.Action} ", Style.Muted);
        }
    }
}
