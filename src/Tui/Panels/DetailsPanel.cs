using LazyOC.Plugins.Contracts.Views;
using LazyOC.Tui.Details;
using LazyOC.Tui.PluginViews;
using LazyOC.Tui.Terminal;
using LazyOC.Tui.Widgets;

namespace LazyOC.Tui.Panels;

/// <summary>The selected object: its tabs and what the current one shows.</summary>
internal static class DetailsPanel
{
    /// <summary>Rows above the content: the tabs and an empty line.</summary>
    private const int TabsHeight = 2;

    public static void Draw(Canvas canvas, DetailsState details, bool focused)
    {
        var inner = new PanelFrame(details.Title, Focused: focused).Draw(canvas);
        new TabsLine(details.Tabs, details.Current).Draw(inner, 0);
        var content = inner.Part(new Rect(0, TabsHeight, inner.Width, Math.Max(0, inner.Height - TabsHeight)));
        var rows = ViewDrawing.Draw(content.Scrolled(details.Scroll), Root(details.Content));
        var hidden = rows - details.Scroll - content.Height;
        if (hidden > 0 && content.Height > 0)
            canvas.Write(2, canvas.Height - 1, $" ↓ {Scale.Format(hidden)} more ", Style.Muted);
    }

    private static ViewNode Root(TabContent content) => content switch
    {
        TabContent.View view => view.Root,
        TabContent.Faulted fault => FaultView.Of(fault.Failure),
        TabContent.Pending pending => new ViewNode.Text { Spans = [new Span { Text = $"… waiting for {pending.Who}", Style = TextStyle.Muted }] },
        _ => throw new NotSupportedException($"tab content `{content.GetType().Name}` has no drawing"),
    };
}
