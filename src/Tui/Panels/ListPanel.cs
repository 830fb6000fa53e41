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
        var position = list.Selected is { } selected ? string.Create(CultureInfo.InvariantCulture, $"{selected + 1} of {list.Rows.Count}") : "";
        var inner = new PanelFrame(list.Title, Footer: position, Focused: focused).Draw(canvas);
        if (list.Message is { } message)
        {
            ViewDrawing.Draw(inner, message);
            return;
        }
        var notes = Math.Min(list.Notes.Length, Math.Max(0, inner.Height - 2));
        var rows = inner.Part(new Rect(0, 0, inner.Width, inner.Height - notes));
        new Table
        {
            Columns = list.Columns,
            Rows = list.Rows,
            Selected = list.Selected,
            Focused = focused,
            Spread = true,
            Sort = list.Sort,
            Top = Table.TopFor(list.Selected ?? 0, list.Rows.Count, rows.Height - 1),
        }.Draw(rows);
        for (var i = 0; i < notes; i++)
            inner.Write(0, inner.Height - notes + i, inner.Width, list.Notes[i]);
    }
}
