using System.Collections.Immutable;
using System.Globalization;
using LazyOC.Tui.Overlays;
using LazyOC.Tui.Terminal;
using LazyOC.Tui.Widgets;

namespace LazyOC.Tui.PluginsScreen;

/// <summary>Draws the plugins page: a pure function of its state, the size and the time.</summary>
internal static class PluginsDrawing
{
    private static readonly ImmutableArray<string> Tabs = [.. Enum.GetNames<PluginTab>()];

    public static void Draw(Canvas canvas, PluginsState state, DateTimeOffset now)
    {
        var layout = PluginsLayout.Of(canvas.Area, state.InDetails);
        if (!layout.List.IsEmpty)
            DrawList(canvas.Part(layout.List), state);
        if (!layout.Details.IsEmpty)
            DrawDetails(canvas, layout, state, now);
    }

    /// <summary>First row of the list that is shown.</summary>
    public static int TopOf(PluginsState state, int height) => Table.TopFor(state.Selected, state.Rows.Length, height - 1);

    /// <summary>Rows scrolled away at the top of a tab.</summary>
    public static int ScrollOf(PluginsState state, TextBlock text, int height) =>
        Math.Min(state.Scroll ?? (state.Follows ? int.MaxValue : 0), text.MaxScroll(height));

    /// <summary>The tabs of the details.</summary>
    public static TabsLine TabsOf(PluginsState state) => new(Tabs, (int)state.Tab);

    private static void DrawList(Canvas canvas, PluginsState state)
    {
        var position = state.Current is null ? "" : string.Create(CultureInfo.InvariantCulture, $"{state.Selected + 1} of {state.Rows.Length}");
        var inner = new PanelFrame("Plugins", Footer: position, Focused: !state.InDetails).Draw(canvas);
        if (state.Rows.IsEmpty)
        {
            new TextBlock(inner.Width)
                .Add("∅ no plugin is installed", Style.Muted)
                .Gap()
                .Add(new StyledText("i", new Style(Tone.Key).Bold()), new StyledText(" installs one from a file", Style.Muted))
                .Draw(inner);
            return;
        }
        var rows = new PluginsTable(state.Rows, inner.Width);
        new Table
        {
            Columns = rows.Columns,
            Rows = rows,
            Selected = state.Selected,
            Focused = !state.InDetails,
            Top = TopOf(state, inner.Height),
        }.Draw(inner);
    }

    private static void DrawDetails(Canvas page, PluginsLayout layout, PluginsState state, DateTimeOffset now)
    {
        var title = state.Current?.Plugin.Manifest.DisplayName ?? "Details";
        var inner = new PanelFrame(title, Focused: state.InDetails).Draw(page.Part(layout.Details));
        if (state.Current is not { } row)
            return;
        TabsOf(state).Draw(inner, 0);
        var content = page.Part(layout.Content);
        if (state.Tab == PluginTab.Activity)
        {
            ActivityView.Draw(content, row.History);
            return;
        }
        var text = PluginTabs.Of(state, content.Width, now);
        text.Draw(content, ScrollOf(state, text, content.Height));
    }
}
