using LazyOC.Tui.Screen;
using LazyOC.Tui.Terminal;
using LazyOC.Tui.Widgets;

namespace LazyOC.Tui.Panels;

/// <summary>Kinds by group with their counts; scrolled so that the current kind is in sight.</summary>
internal static class NavigationPanel
{
    private const int CountWidth = 6;

    public static void Draw(Canvas canvas, NavigationState navigation, bool focused)
    {
        var lines = Lines(navigation);
        var inner = new PanelFrame("Resources", Focused: focused).Draw(canvas);
        var current = lines.FindIndex(l => l.Item?.Key == navigation.Current);
        var top = Table.TopFor(Math.Max(0, current), lines.Count, inner.Height);
        for (var y = 0; y < inner.Height && top + y < lines.Count; y++)
            DrawLine(inner, y, lines[top + y], top + y == current, focused);
    }

    private static List<Line> Lines(NavigationState navigation)
    {
        var lines = new List<Line>();
        foreach (var group in navigation.Groups.Where(g => !g.Items.IsEmpty))
        {
            lines.Add(new Line(group.Title, null));
            lines.AddRange(group.Items.Select(item => new Line(item.Title, item)));
        }
        return lines;
    }

    private static void DrawLine(Canvas canvas, int y, Line line, bool current, bool focused)
    {
        if (line.Item is not { } item)
        {
            canvas.Write(0, y, canvas.Width, line.Title, Style.Muted.Bold());
            return;
        }
        var style = current ? Style.Strong : Style.Plain;
        canvas.Write(2, y, canvas.Width - 2 - CountWidth, item.Title, style);
        canvas.Write(canvas.Width - CountWidth, y, CountWidth, item.Count.ToString(), item.Count.Value > 0 ? style : Style.Muted, Align.End);
        if (!current)
            return;
        canvas.Write(0, y, "▌", new Style(focused ? Tone.Focus : Tone.Accent));
        canvas.LayRow(y, focused ? Surface.Selected : Surface.Raised);
    }

    private readonly record struct Line(string Title, NavigationItem? Item);
}
