using System.Collections.Immutable;
using LazyOC.Tui.Screen;
using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.Overlays;

/// <summary>A key and what it does.</summary>
/// <param name="Key">As it is written: <c>ctrl-r</c>.</param>
/// <param name="Action">What it does.</param>
/// <param name="Disabled">Why it does nothing now; null when it works.</param>
internal sealed record HelpKey(string Key, string Action, string? Disabled = null)
{
    /// <summary>The plugin it comes from; null for the host.</summary>
    public PluginMark? Plugin { get; init; }
}

/// <summary>Keys that belong together: those of a panel.</summary>
internal sealed record HelpGroup(string Title, ImmutableArray<HelpKey> Keys);

/// <summary>The keys that work now, by group; typing searches them. The answer is the key to press.</summary>
internal sealed record Help : Overlay<HelpKey>
{
    private const int Width = 76;
    private const int MostRows = 26;
    private const int WidestKeys = 20;

    private static readonly ImmutableArray<KeyHint> Hints = [new("type", "search"), new("enter", "press it"), new("↑↓", "move"), new("esc", "close")];

    private readonly ImmutableArray<(string Group, HelpKey Key)> _keys;

    /// <summary>Cells of the longest keys, so that all actions begin in one column.</summary>
    private readonly int _keysWidth;

    public Help(ImmutableArray<HelpGroup> groups)
    {
        _keys = [.. groups.SelectMany(group => group.Keys.Select(key => (group.Title, key)))];
        _keysWidth = Math.Min(WidestKeys, _keys.Select(entry => CellText.WidthOf(entry.Key.Key, WidestKeys)).DefaultIfEmpty().Max());
        Choices = Choices.Of([.. _keys.Select(entry => new Choice(entry.Key.Action, entry.Group) { Names = [entry.Key.Key], Disabled = entry.Key.Disabled is not null })]);
    }

    /// <summary>What is found and selected.</summary>
    public Choices Choices { get; private init; }

    public override Rect AreaIn(FrameSize size) => OverlayFrame.Centered(size, Width, FilterBox.Chrome + Math.Clamp(_keys.Length, 1, MostRows));

    public override void Draw(Canvas canvas, DateTimeOffset now)
    {
        var layout = FilterBox.Of(canvas.Area);
        var rows = layout.Draw(canvas, new OverlayFrame("Keys") { Hints = Hints }, Choices, "/ ");
        Choices.Draw(rows, DrawRow);
        if (Choices.Count == 0)
            rows.Write(2, 0, rows.Width - 2, "no key does that here", Style.Muted);
        if (Selected?.Disabled is { } reason)
            canvas.Part(layout.Footer).Write(2, 0, layout.Footer.Width - 2, $"✗ {reason}", new Style(Tone.Warn));
    }

    public override OverlayStep Handle(TerminalEvent input, FrameSize size)
    {
        if (Choices.Handle(input, FilterBox.Of(AreaIn(size)).Rows) is not var (next, chosen))
            return Stay(this);
        var help = this with { Choices = next };
        return chosen && help.Selected is { Disabled: null } key ? Answer(key) : Stay(help);
    }

    private HelpKey? Selected => Choices.Current is { } current ? _keys[current].Key : null;

    private void DrawRow(Canvas row, int index)
    {
        var (group, key) = _keys[index];
        var plain = key.Disabled is null ? Style.Plain : Style.Muted;
        var start = Math.Min(_keysWidth, row.Width / 2) + 2;
        row.Write(0, 0, start - 2, key.Key, key.Disabled is null ? new Style(Tone.Key).Bold() : Style.Muted);
        var grouped = row.Width >= 56;
        var room = row.Width - start - (grouped ? 18 : 0);
        var used = start + HighlightedText.Write(row, start, 0, room, key.Action, Choices.MatchesIn(index), plain, Style.Accent.Bold());
        if (key.Plugin is { } plugin)
            row.Write(used + 2, 0, start + room - used - 2, $"⬡ {plugin.Name}", new Style(Tone.Info));
        if (grouped && (Choices.Filter.Text.Length > 0 || index == 0 || _keys[index - 1].Group != group))
            row.Write(row.Width - 16, 0, 16, group, Style.Muted);
    }
}
