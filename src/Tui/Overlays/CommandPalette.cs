using System.Collections.Immutable;
using System.Globalization;
using LazyOC.Tui.Screen;
using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.Overlays;

/// <summary>An entry of the command palette.</summary>
/// <param name="Id">Names it for whoever runs it.</param>
/// <param name="Title">What it does.</param>
/// <param name="Group">Where it belongs, such as <c>Workloads</c>.</param>
/// <param name="Keys">Its key, for the next time; empty when it has none.</param>
/// <param name="Plugin">The plugin it comes from; null for the host.</param>
/// <param name="Disabled">Why it cannot be run now; null when it can.</param>
internal sealed record PaletteItem(string Id, string Title, string Group = "", string Keys = "", PluginMark? Plugin = null, string? Disabled = null)
{
    /// <summary>Names that find it when they are typed whole: <c>deploy</c>, <c>deployments.apps</c>.</summary>
    public ImmutableArray<string> Names { get; init; } = [];
}

/// <summary>Everything that can be done, found by some of its letters; the answer is the item to run.</summary>
internal sealed record CommandPalette : Overlay<PaletteItem>
{
    private const int Width = 92;
    private const int MostRows = 20;
    private const int GroupsFrom = 56;
    private const int GroupWidth = 18;
    private const int KeysWidth = 9;

    private static readonly ImmutableArray<KeyHint> Hints = [new("enter", "run"), new("↑↓", "move"), new("esc", "close")];

    private readonly ImmutableArray<PaletteItem> _items;

    private CommandPalette(ImmutableArray<PaletteItem> items, Choices choices) => (_items, Choices) = (items, choices);

    /// <summary>What is found and selected.</summary>
    public Choices Choices { get; private init; }

    /// <summary>A palette; without a filter the recent items come first, then all in their order.</summary>
    /// <param name="items">What can be done.</param>
    /// <param name="recent">Ids of items that were run, the last one first.</param>
    /// <param name="filter">What is already typed.</param>
    public static CommandPalette Of(ImmutableArray<PaletteItem> items, ImmutableArray<string> recent = default, string filter = "")
    {
        var ranks = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var id in recent.IsDefault ? [] : recent)
            ranks.TryAdd(id, ranks.Count);
        ImmutableArray<PaletteItem> ordered = [.. items.OrderBy(item => ranks.GetValueOrDefault(item.Id, int.MaxValue))];
        return new CommandPalette(ordered, Choices.Of([.. ordered.Select(ChoiceOf)], Widgets.TextField.Of(filter)));
    }

    public override Rect AreaIn(FrameSize size) => OverlayFrame.Centered(size, Width, FilterBox.Chrome + Math.Clamp(_items.Length, 1, MostRows));

    public override void Draw(Canvas canvas, DateTimeOffset now)
    {
        var layout = FilterBox.Of(canvas.Area);
        var frame = new OverlayFrame("Commands") { Hints = Hints, Note = Counted() };
        var rows = layout.Draw(canvas, frame, Choices, ": ");
        Choices.Draw(rows, DrawRow);
        if (Choices.Count == 0)
            rows.Write(2, 0, rows.Width - 2, "nothing is called so; fewer letters find more", Style.Muted);
        if (Selected is { Disabled: { } reason })
            canvas.Part(layout.Footer).Write(2, 0, layout.Footer.Width - 2, $"✗ {reason}", new Style(Tone.Warn));
    }

    public override OverlayStep Handle(TerminalEvent input, FrameSize size)
    {
        if (Choices.Handle(input, FilterBox.Of(AreaIn(size)).Rows) is not var (next, chosen))
            return Stay(this);
        var palette = this with { Choices = next };
        return chosen && palette.Selected is { Disabled: null } item ? Answer(item) : Stay(palette);
    }

    private PaletteItem? Selected => Choices.Current is { } current ? _items[current] : null;

    private string Counted() => Choices.Count == _items.Length
        ? Choices.Count.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{Choices.Count} of {_items.Length}");

    private static Choice ChoiceOf(PaletteItem item) =>
        new(item.Title, $"{item.Group} {item.Plugin?.Name} {item.Plugin?.Id}") { Names = item.Names, Disabled = item.Disabled is not null };

    private void DrawRow(Canvas row, int index)
    {
        var item = _items[index];
        var grouped = row.Width >= GroupsFrom;
        var room = row.Width - KeysWidth - (grouped ? GroupWidth : 0) - 1;
        var plain = item.Disabled is null ? Style.Plain : Style.Muted;
        var used = HighlightedText.Write(row, 0, 0, room, item.Title, Choices.MatchesIn(index), plain, Style.Accent.Bold());
        if (item.Plugin is { } plugin)
            row.Write(used + 2, 0, room - used - 2, $"⬡ {plugin.Name}", new Style(Tone.Info));
        if (grouped)
            row.Write(room + 1, 0, GroupWidth - 2, item.Group, Style.Muted);
        row.Write(row.Width - KeysWidth, 0, KeysWidth, item.Keys, item.Disabled is null ? new Style(Tone.Key) : Style.Muted, Align.End);
    }
}
