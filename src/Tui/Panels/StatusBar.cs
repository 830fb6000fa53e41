using System.Collections.Immutable;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Plugins.Runtime.Extensions;
using LazyOC.Tui.PluginViews;
using LazyOC.Tui.Screen;
using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.Panels;

/// <summary>The bottom line: keys of the focused panel on the left, status items of plugins on the right.</summary>
internal static class StatusBar
{
    private const int WidestItem = 48;
    private const string Separator = " │ ";
    private const string HelpKey = "?";

    public static void Draw(Canvas canvas, StatusState status)
    {
        canvas.Fill(Style.Plain.On(Surface.Bar));
        var right = canvas.Width;
        foreach (var item in status.Items.Reverse())
        {
            if (TextOf(item) is not { } text)
                continue;
            var width = Math.Min(CellText.WidthOf(text.Text), WidestItem);
            var start = right - width - (right == canvas.Width ? 1 : Separator.Length);
            if (start < canvas.Width / 4)
                break; // the keys keep a quarter of the line
            canvas.Write(start, 0, width, text.Text, text.Style.On(Surface.Bar));
            if (right < canvas.Width)
                canvas.Write(right - Separator.Length, 0, Separator, new Style(Tone.Border, Surface.Bar));
            right = start;
        }
        var x = 1;
        if (status.Chord.Length > 0)
            x += canvas.Write(x, 0, $"{status.Chord} …", new Style(Tone.Accent, Surface.Bar, TextAttributes.Bold)) + 2;
        DrawHints(canvas, x, right - 2, status.Hints);
    }

    /// <summary>As many as there is room for; the key that shows all others is always among them.</summary>
    private static void DrawHints(Canvas canvas, int x, int end, ImmutableArray<KeyHint> hints)
    {
        var help = hints.FirstOrDefault(hint => hint.Key == HelpKey);
        var reserved = help.Key is null ? 0 : WidthOf(help) + 2;
        foreach (var hint in hints)
        {
            if (hint.Key == HelpKey)
                continue;
            if (x + WidthOf(hint) > end - reserved)
                break;
            x = Draw(canvas, x, hint);
        }
        if (help.Key is not null && x + WidthOf(help) <= end)
            Draw(canvas, x, help);
    }

    private static int Draw(Canvas canvas, int x, KeyHint hint)
    {
        x += canvas.Write(x, 0, hint.Key, new Style(Tone.Key, Surface.Bar, TextAttributes.Bold)) + 1;
        return x + canvas.Write(x, 0, hint.Action, Style.Muted.On(Surface.Bar)) + 2;
    }

    private static int WidthOf(KeyHint hint) => CellText.WidthOf(hint.Key) + 1 + CellText.WidthOf(hint.Action);

    /// <summary>What an item shows; null when there is nothing. Severity is a sign as well as a colour.</summary>
    private static StyledText? TextOf(StatusItem item) => item.State switch
    {
        StatusItemState.Set { Text: "" } => default(StyledText?),
        StatusItemState.Set set => new StyledText(Severity.Mark(set.Style) + set.Text, Style.Of(set.Style)),
        StatusItemState.Pending => new StyledText($"{item.Item.Contribution.Title} …", Style.Muted),
        StatusItemState.Faulted fault => new StyledText($"{Severity.Mark(TextStyle.Error)}{item.Item.PluginName}: {fault.Failure.Code}", Style.Error),
        _ => null,
    };
}
