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
        foreach (var hint in status.Hints)
        {
            if (x + CellText.WidthOf(hint.Key) + CellText.WidthOf(hint.Action) + 1 > right - 2)
                break;
            x += canvas.Write(x, 0, hint.Key, new Style(Tone.Key, Surface.Bar, TextAttributes.Bold)) + 1;
            x += canvas.Write(x, 0, hint.Action, Style.Muted.On(Surface.Bar)) + 2;
        }
    }

    /// <summary>What an item shows; null when there is nothing. Severity is a sign as well as a colour.</summary>
    private static StyledText? TextOf(StatusItem item) => item.State switch
    {
        StatusItemState.Set set => new StyledText(Severity.Mark(set.Style) + set.Text, Style.Of(set.Style)),
        StatusItemState.Pending => new StyledText($"{item.Item.Contribution.Title} …", Style.Muted),
        StatusItemState.Faulted fault => new StyledText($"{Severity.Mark(TextStyle.Error)}{item.Item.PluginName}: {fault.Failure.Code}", Style.Error),
        _ => default(StyledText?),
    };
}
