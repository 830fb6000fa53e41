using System.Globalization;
using System.Text;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Tui.PluginViews;
using LazyOC.Tui.Screen;
using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.Overlays;

/// <summary>Something to read: an error with its cause and the next step, or any longer text. It answers nothing.</summary>
/// <param name="Title">In a few words.</param>
/// <param name="Text">What happened and why; line feeds begin paragraphs.</param>
/// <param name="Style">How bad it is.</param>
internal sealed record Message(string Title, string Text, TextStyle Style = TextStyle.Error) : Overlay<bool>
{
    private const int Width = 84;

    /// <summary>What to do next.</summary>
    public string? Hint { get; init; }

    /// <summary>More for who looks closer: an answer of the server, a stack.</summary>
    public string? Detail { get; init; }

    /// <summary>The plugin it comes from, whose words <see cref="Text"/> and <see cref="Detail"/> are; null for the host.</summary>
    public PluginMark? Plugin { get; init; }

    private int Scrolled { get; init; }

    private bool Copied { get; init; }

    /// <summary>The notices of the past, the newest first.</summary>
    public static Message OfNotices(IEnumerable<Notice> history, DateTimeOffset now)
    {
        var text = new StringBuilder();
        foreach (var notice in history.Reverse())
        {
            text.Append(CultureInfo.InvariantCulture, $"{Ago(now - notice.Time)}  {Severity.Mark(notice.Style)}");
            text.Append(notice.Plugin is { } plugin ? $"{plugin}: {notice.Text.ReplaceLineEndings(" ")}" : notice.Text);
            text.Append(notice.Hint is { Length: > 0 } hint ? $"\nhint: {hint}\n" : "\n");
        }
        return new Message("Notices", text.Length == 0 ? "There were none" : text.ToString().TrimEnd('\n'), TextStyle.Plain);
    }

    public override Rect AreaIn(FrameSize size)
    {
        var box = OverlayFrame.Centered(size, Width, int.MaxValue / 2);
        return OverlayFrame.Centered(size, Width, Body(OverlayFrame.Inside(box).Width).Height + 2);
    }

    public override void Draw(Canvas canvas, DateTimeOffset now)
    {
        var frame = new OverlayFrame(Severity.Mark(Style) + Title)
        {
            Plugin = Plugin,
            Tone = Terminal.Style.Of(Style).Tone is var tone && tone == Tone.Plain ? Tone.Focus : tone,
            Note = Copied ? "copied" : "",
            Hints = [new("↑↓", "scroll"), new("y", "copy"), new("esc", "close")],
        };
        var inner = frame.Draw(canvas);
        Body(inner.Width).Draw(inner, Scrolled);
    }

    public override OverlayStep Handle(TerminalEvent input, FrameSize size)
    {
        var inner = OverlayFrame.Inside(AreaIn(size));
        if (Body(inner.Width).Scroll(input, Scrolled, inner.Height) is { } scroll)
            return Stay(this with { Scrolled = scroll });
        return input is not TerminalEvent.KeyPressed(var press) ? Stay(this) : press switch
        {
            { IsText: true, Rune.Value: 'y' } => Stay(this with { Copied = true }, ToPlainText()),
            { IsText: true, Rune.Value: 'q' } or { Key: Key.Enter } => Dismiss,
            _ => Stay(this),
        };
    }

    private string ToPlainText() => string.Join('\n', new[] { Plugin?.ToString(), Text, Hint is null ? null : $"hint: {Hint}", Detail }.Where(part => part is { Length: > 0 }));

    private TextBlock Body(int width)
    {
        var body = new TextBlock(width);
        if (Plugin is { } plugin)
            body.AddMark("from ", plugin).AddQuoted(Text);
        else
            body.Add(Text, Terminal.Style.Plain);
        if (Hint is { Length: > 0 } hint)
            body.Gap().Add(new StyledText("hint: ", Terminal.Style.Accent), hint);
        if (Detail is { Length: > 0 } detail)
            body.Gap().Add(detail, Terminal.Style.Muted);
        return body;
    }

    private static string Ago(TimeSpan age) => age.TotalSeconds < 60 ? Counted(age.TotalSeconds, "s")
        : age.TotalMinutes < 60 ? Counted(age.TotalMinutes, "m")
        : Counted(Math.Min(999, age.TotalHours), "h");

    private static string Counted(double units, string unit) => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, (int)units),3}{unit}");
}
