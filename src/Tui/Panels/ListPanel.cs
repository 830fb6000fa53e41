using System.Globalization;
using LazyOC.Tui.PluginViews;
using LazyOC.Tui.Screen;
using LazyOC.Tui.Terminal;
using LazyOC.Tui.Widgets;

namespace LazyOC.Tui.Panels;

/// <summary>The objects of the current kind.</summary>
internal static class ListPanel
{
    public static void Draw(Canvas canvas, ListState list, bool focused)
    {
        var inner = new PanelFrame(list.Title, Note: NoteOf(list), Footer: PositionOf(list), Focused: focused).Draw(canvas);
        if (list.Typing is { } field)
        {
            DrawField(inner.Part(new Rect(0, inner.Height - 1, inner.Width, Math.Min(1, inner.Height))), field);
            inner = inner.Part(new Rect(0, 0, inner.Width, Math.Max(0, inner.Height - 1)));
        }
        if (list.Message is { } message)
        {
            ViewDrawing.Draw(inner, message);
            return;
        }
        var notes = Math.Min(list.Notes.Length, Math.Max(0, inner.Height - 2));
        var rows = inner.Part(new Rect(0, 0, inner.Width, inner.Height - notes));
        TableOf(list, focused).Draw(rows);
        for (var i = 0; i < notes; i++)
            inner.Write(0, inner.Height - notes + i, inner.Width, list.Notes[i]);
    }

    /// <summary>The table as it is drawn, for the mouse to find rows and headings in.</summary>
    public static Table TableOf(ListState list, bool focused) => new()
    {
        Columns = list.Columns,
        Rows = list.Rows,
        Selected = list.Selected,
        Marked = list.Marked,
        Matches = list.Filter.Hits,
        Widths = list.Widths,
        Focused = focused,
        Spread = true,
        Sort = list.Sort,
        Top = list.Top,
    };

    private static string PositionOf(ListState list)
    {
        if (list.Selected is not { } selected)
            return "";
        var hidden = list.Total > list.Rows.Count ? string.Create(CultureInfo.InvariantCulture, $", {list.Total} in all") : "";
        var marked = list.MarkedCount > 0 ? string.Create(CultureInfo.InvariantCulture, $"{list.MarkedCount} marked · ") : "";
        return string.Create(CultureInfo.InvariantCulture, $"{marked}{selected + 1} of {list.Rows.Count}{hidden}");
    }

    private static string NoteOf(ListState list) => list.Filter.IsNone || list.Typing is not null ? "" : $"/{list.Filter.Text}";

    private static void DrawField(Canvas canvas, TextField field)
    {
        var x = canvas.Write(0, 0, "/ ", new Style(Tone.Key).Bold());
        field.Draw(canvas, x, 0, canvas.Width - x, focused: true);
    }
}
