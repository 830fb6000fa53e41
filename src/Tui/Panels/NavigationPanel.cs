using LazyOC.Tui.Screen;
using LazyOC.Tui.Terminal;
using LazyOC.Tui.Widgets;

namespace LazyOC.Tui.Panels;

/// <summary>Kinds by group with their counts; scrolled so that the current kind is in sight.</summary>
internal static class NavigationPanel
{
    private const int LeastCountWidth = 4;

    public static void Draw(Canvas canvas, NavigationState navigation, bool focused)
    {
        var lines = Lines(navigation);
        var inner = new PanelFrame("Resources", Focused: focused).Draw(canvas);
        var top = TopOf(navigation, lines, focused, inner.Height);
        for (var y = 0; y < inner.Height && top + y < lines.Count; y++)
            DrawLine(inner, y, lines[top + y], navigation, focused);
    }

    /// <summary>The entry on a row of the panel, its border counted; null when there is none.</summary>
    public static string? KeyAt(NavigationState navigation, bool focused, int height, int y)
    {
        var lines = Lines(navigation);
        var line = TopOf(navigation, lines, focused, Math.Max(0, height - 2)) + y - 1;
        return y >= 1 && y < height - 1 && line < lines.Count ? lines[line].Item?.Key : null;
    }

    private static int TopOf(NavigationState navigation, List<Line> lines, bool focused, int height)
    {
        var shown = focused ? navigation.Cursor ?? navigation.Current : navigation.Current;
        return Table.TopFor(Math.Max(0, lines.FindIndex(l => l.Item?.Key == shown)), lines.Count, height);
    }

    private static List<Line> Lines(NavigationState navigation)
    {
        var lines = new List<Line>();
        foreach (var group in navigation.Groups.Where(g => !g.Items.IsEmpty))
        {
            if (group.Title.Length > 0)
                lines.Add(new Line(group.Title, null));
            lines.AddRange(group.Items.Select(item => new Line(item.Title, item)));
        }
        return lines;
    }

    private static void DrawLine(Canvas canvas, int y, Line line, NavigationState navigation, bool focused)
    {
        if (line.Item is not { } item)
        {
            canvas.Write(0, y, canvas.Width, line.Title, Style.Muted.Bold());
            return;
        }
        var current = item.Key == navigation.Current;
        var selected = focused && item.Key == (navigation.Cursor ?? navigation.Current);
        var style = current ? Style.Strong : Style.Plain;
        var count = item.Count.ToString();
        var room = Math.Max(LeastCountWidth, count.Length + 1);
        canvas.Write(2, y, canvas.Width - 2 - room, item.Title, style);
        canvas.Write(canvas.Width - room, y, room, count, item.Count.Value > 0 ? style : Style.Muted, Align.End);
        if (current)
            canvas.Write(0, y, "▌", new Style(focused ? Tone.Focus : Tone.Accent));
        if (selected || (current && !focused))
            canvas.LayRow(y, selected ? Surface.Selected : Surface.Raised);
    }

    private readonly record struct Line(string Title, NavigationItem? Item);
}
