using System.Collections.Immutable;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Tui.Details;
using LazyOC.Tui.Details.Text;
using LazyOC.Tui.PluginViews;
using LazyOC.Tui.Terminal;
using LazyOC.Tui.Widgets;

namespace LazyOC.Tui.Panels;

/// <summary>The selected object: its tabs and what the current one shows.</summary>
internal static class DetailsPanel
{
    /// <summary>The column of the panel, border included, where its content begins.</summary>
    public const int ContentLeft = 2;

    /// <summary>The row of the panel, border included, with the tabs.</summary>
    public const int TabsRow = 1;

    /// <summary>Rows above the content: the tabs and an empty line, or the first note.</summary>
    private const int TabsHeight = 2;

    /// <summary>The row of the panel, border included, where its content begins below some notes.</summary>
    public static int ContentTop(int notes) => TabsRow + TabsHeight + Math.Max(0, notes - 1);

    public static void Draw(Canvas canvas, DetailsState details, bool focused)
    {
        var text = details.Content is TabContent.Lines lines ? lines.Text : null;
        var inner = new PanelFrame(details.Title, Footer: text?.Position ?? "", Focused: focused).Draw(canvas);
        new TabsLine(details.Tabs, details.Current).Draw(inner, 0);
        for (var i = 0; i < details.Notes.Length; i++)
            inner.Write(0, 1 + i, inner.Width, details.Notes[i]);
        var above = TabsHeight + Math.Max(0, details.Notes.Length - 1);
        var content = inner.Part(new Rect(0, above, inner.Width, Math.Max(0, inner.Height - above)));
        if (text is not null)
            DrawText(content, text);
        else
            DrawView(canvas, content, details, focused);
    }

    private static void DrawView(Canvas panel, Canvas content, DetailsState details, bool focused)
    {
        Scrollbar scroll;
        if (details.Content is TabContent.Pane { Shown: var pane })
        {
            pane.Draw(content, focused, details.Now);
            scroll = pane.Scroll;
        }
        else
        {
            scroll = new Scrollbar(ViewDrawing.Draw(content, Root(details.Content), details.Now), content.Height, 0);
        }
        scroll.DrawOnBorder(panel, focused);
        var hidden = scroll.Total - scroll.Top - content.Height;
        if (hidden > 0 && content.Height > 0)
            panel.Write(2, panel.Height - 1, $" ↓ {Scale.Format(hidden)} more ", Style.Muted);
    }

    private static void DrawText(Canvas content, TextView text)
    {
        for (var y = 0; y < text.Rows.Length; y++)
            DrawRow(content, y, text.Rows[y]);
        if (text.Prompt is not { } prompt)
            return;
        var bottom = content.Height - 1;
        content.Part(new Rect(0, bottom, content.Width, 1)).Fill(Style.Plain);
        var note = Math.Min(content.Width / 2, CellText.WidthOf(text.PromptNote.Text));
        content.Write(0, bottom, "/", new Style(Tone.Key).Bold());
        prompt.Draw(content, 1, bottom, Math.Max(0, content.Width - note - 3), focused: text.IsTyping);
        content.Write(content.Width - note, bottom, note, text.PromptNote);
    }

    private static void DrawRow(Canvas content, int y, ImmutableArray<StyledText> row)
    {
        var x = 0;
        foreach (var run in row)
        {
            if (x >= content.Width)
                return;
            content.Write(x, y, content.Width - x, run);
            x += CellText.WidthOf(run.Text, content.Width);
        }
    }

    private static ViewNode Root(TabContent content) => content switch
    {
        TabContent.View view => view.Root,
        TabContent.Faulted fault => FaultView.Of(fault.Failure),
        TabContent.Pending pending => new ViewNode.Text { Spans = [new Span { Text = $"… waiting for {pending.Who}", Style = TextStyle.Muted }] },
        _ => throw new NotSupportedException($"tab content `{content.GetType().Name}` has no drawing"),
    };
}
