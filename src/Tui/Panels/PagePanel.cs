using LazyOC.Plugins.Contracts.Views;
using LazyOC.Tui.PluginViews;
using LazyOC.Tui.Screen;
using LazyOC.Tui.Terminal;
using LazyOC.Tui.Widgets;

namespace LazyOC.Tui.Panels;

/// <summary>A page of a plugin, or the dashboard with a card of each.</summary>
internal static class PagePanel
{
    public static void Draw(Canvas canvas, PageState page, bool focused, DateTimeOffset now)
    {
        var inner = new PanelFrame(page.Title, Focused: focused).Draw(canvas);
        if (page.Views.IsEmpty)
        {
            ViewDrawing.Draw(inner, new ViewNode.Empty { Message = "No plugin adds a card" });
            return;
        }
        if (!page.HasCards)
        {
            page.Views[0].Draw(inner, focused, now);
            page.Views[0].Scroll.DrawOnBorder(canvas, focused);
            return;
        }
        var areas = PageGrid.Of(new FrameSize(inner.Width, inner.Height), page.Views.Length, page.HasCards, page.Focused);
        for (var i = 0; i < areas.Length; i++)
        {
            var (view, hasFocus) = (page.Views[i], focused && i == page.Focused);
            var card = inner.Part(areas[i]);
            view.Draw(new PanelFrame(view.Contributed.Contribution.Title, Note: view.Contributed.PluginName, Focused: hasFocus).Draw(card), hasFocus, now);
            view.Scroll.DrawOnBorder(card, hasFocus);
        }
    }
}
