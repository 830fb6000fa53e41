using LazyOC.Tui.Layout;
using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.Overlays;

/// <summary>Wrapped lines of text, of which a window is in sight. Built for one width, drawn at once.</summary>
internal sealed class TextBlock(int width)
{
    private const int LabelGap = 2;
    private readonly List<IReadOnlyList<StyledText>> _lines = [];

    /// <summary>Lines it has.</summary>
    public int Height => _lines.Count;

    /// <summary>Adds a paragraph; empty text adds an empty line.</summary>
    public TextBlock Add(params IEnumerable<StyledText> runs)
    {
        _lines.AddRange(TextWrap.Lines(runs.Select(Cut), width));
        return this;
    }

    public TextBlock Add(string text, Style style) => Add(new StyledText(text, style));

    /// <summary>Adds an empty line, unless nothing or one stands above it.</summary>
    public TextBlock Gap()
    {
        if (_lines is [.., { Count: > 0 }])
            _lines.Add([]);
        return this;
    }

    /// <summary>Adds a paragraph whose lines all begin after a lead: a label, a sign or a bar.</summary>
    /// <param name="lead">Before the first line.</param>
    /// <param name="leadWidth">Cells of the lead.</param>
    /// <param name="runs">The paragraph.</param>
    /// <param name="again">Before the other lines; null leaves them blank.</param>
    public TextBlock AddLed(StyledText lead, int leadWidth, IEnumerable<StyledText> runs, StyledText? again = null)
    {
        var indent = Math.Min(leadWidth, Math.Max(0, width - 1));
        var first = true;
        foreach (var line in TextWrap.Lines(runs.Select(Cut), width - indent))
        {
            var shown = first ? lead : again ?? new StyledText("", Style.Plain);
            first = false;
            var (length, used) = CellText.Fit(shown.Text, indent);
            _lines.Add([shown with { Text = shown.Text[..length] + new string(' ', indent - used) }, .. line]);
        }
        return this;
    }

    /// <summary>Adds a label and what it stands for.</summary>
    public TextBlock AddFact(string label, int labels, params IEnumerable<StyledText> value) => AddLed(new StyledText(label, Style.Muted), labels + LabelGap, value);

    /// <summary>Adds whose question this is: the id tells who it is, whatever the name says.</summary>
    public TextBlock AddMark(string lead, PluginMark plugin) => Add(new StyledText(lead, Style.Muted), new StyledText(plugin.ToString(), new Style(Tone.Info).Bold())).Gap();

    /// <summary>Adds what somebody else said: behind a bar, line for line, so that it cannot be taken for the host's words.</summary>
    public TextBlock AddQuoted(string text)
    {
        var bar = new StyledText("▏", new Style(Tone.Info));
        return AddLed(bar, 2, [text], bar);
    }

    private static StyledText Cut(StyledText run) =>
        run.Text.Length <= OverlayLimits.Default.ParagraphCharacters ? run : run with { Text = run.Text[..OverlayLimits.Default.ParagraphCharacters] + "…" };

    /// <summary>How far it can be scrolled in a window of a height.</summary>
    public int MaxScroll(int height) => Math.Max(0, Height - height);

    /// <summary>Draws what is in sight, and at the last row how much is below.</summary>
    public void Draw(Canvas canvas, int scroll = 0)
    {
        scroll = Math.Clamp(scroll, 0, MaxScroll(canvas.Height));
        for (var y = 0; y < canvas.Height && scroll + y < _lines.Count; y++)
        {
            var x = 0;
            foreach (var run in _lines[scroll + y])
                x += canvas.Write(x, y, run);
        }
        var below = Height - scroll - canvas.Height;
        if (below <= 0 || canvas.Height == 0)
            return;
        var more = $" ↓ {below + 1} more ";
        canvas.Part(new Rect(0, canvas.Height - 1, canvas.Width, 1)).Fill(Style.Plain);
        canvas.Write(0, canvas.Height - 1, canvas.Width, more, Style.Muted);
    }

    /// <summary>Where keys and the wheel scroll to; null for other inputs.</summary>
    public int? Scroll(TerminalEvent input, int scroll, int height)
    {
        int? moved = input switch
        {
            TerminalEvent.Mouse { Action: MouseAction.WheelUp } => scroll - 3,
            TerminalEvent.Mouse { Action: MouseAction.WheelDown } => scroll + 3,
            TerminalEvent.KeyPressed { Press: { Key: Key.Up } or { Key: Key.Character, Modifiers: KeyModifiers.None, Rune.Value: 'k' } } => scroll - 1,
            TerminalEvent.KeyPressed { Press: { Key: Key.Down } or { Key: Key.Character, Modifiers: KeyModifiers.None, Rune.Value: 'j' } } => scroll + 1,
            TerminalEvent.KeyPressed { Press.Key: Key.PageUp } => scroll - Math.Max(1, height - 1),
            TerminalEvent.KeyPressed { Press.Key: Key.PageDown } => scroll + Math.Max(1, height - 1),
            TerminalEvent.KeyPressed { Press.Key: Key.Home } => 0,
            TerminalEvent.KeyPressed { Press.Key: Key.End } => int.MaxValue / 2,
            _ => null,
        };
        return moved is { } to ? Math.Clamp(to, 0, MaxScroll(height)) : null;
    }
}
