using System.Collections.Immutable;
using System.Globalization;
using LazyOC.Tui.Screen;
using LazyOC.Tui.Terminal;
using LazyOC.Tui.Widgets;

namespace LazyOC.Tui.Overlays;

/// <summary>Something to pick.</summary>
/// <param name="Id">Names it for whoever asked.</param>
/// <param name="Title">What is shown.</param>
/// <param name="Note">Beside it, such as a state.</param>
/// <param name="Disabled">Why it cannot be picked; null when it can.</param>
internal sealed record PickerItem(string Id, string Title, string Note = "", string? Disabled = null);

/// <summary>One of several: a namespace, a context, a container. The items may come while it is open.</summary>
internal sealed record Picker : Overlay<PickerItem>
{
    private const int Width = 64;
    private const int FewestRows = 6;
    private const int MostRows = 16;

    private static readonly ImmutableArray<KeyHint> Hints = [new("enter", "pick"), new("type", "filter"), new("esc", "close")];

    public Picker(string title, PickerContent content, string? current = null)
    {
        (Title, Current, Content) = (title, current, content);
        Choices = ChoicesIn(content, new TextField());
    }

    /// <summary>What is picked, in the plural: <c>Namespaces</c>.</summary>
    public string Title { get; }

    /// <summary>Id of the item that is current now; it is marked and selected at first.</summary>
    public string? Current { get; }

    /// <summary>The items, or why there are none (yet).</summary>
    public PickerContent Content { get; private init; }

    /// <summary>What is found and selected.</summary>
    public Choices Choices { get; private init; }

    /// <summary>The same with other content; what was typed filters it.</summary>
    public Picker With(PickerContent content) => this with { Content = content, Choices = ChoicesIn(content, Choices.Filter) };

    /// <summary>Opens a picker at once and fills it when <paramref name="load"/> has the items; its failure is shown in it.</summary>
    /// <exception cref="OperationCanceledException">The token closed it.</exception>
    public static async Task<PickerItem?> PickAsync(Dialogs dialogs, Picker picker, Func<CancellationToken, Task<PickerContent>> load, CancellationToken cancellationToken = default)
    {
        using var closed = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var dialog = dialogs.Open(picker, cancellationToken);
        var loading = FillAsync(dialog, load, closed.Token);
        try
        {
            return await dialog.Answer;
        }
        finally
        {
            await closed.CancelAsync();
            await loading;
        }
    }

    public override Rect AreaIn(FrameSize size) => OverlayFrame.Centered(size, Width, FilterBox.Chrome + Math.Clamp(Choices.All.Length, FewestRows, MostRows));

    public override void Draw(Canvas canvas, DateTimeOffset now)
    {
        var layout = FilterBox.Of(canvas.Area);
        var frame = new OverlayFrame(Title) { Hints = Hints, Note = Counted() };
        var rows = layout.Draw(canvas, frame, Choices, "/ ");
        var text = rows.Part(new Rect(2, 0, Math.Max(0, rows.Width - 2), rows.Height));
        switch (Content)
        {
            case PickerContent.Loading:
                text.Write(0, 0, text.Width, "… loading", Style.Muted);
                break;
            case PickerContent.Failed failed:
                var used = Paragraph.Draw(text, 0, 0, [new("✗ ", Style.Error), new(failed.Cause, Style.Error)]);
                Paragraph.Draw(text, 0, used, [new("hint: ", Style.Accent), failed.Hint]);
                break;
            case PickerContent.Items { All.IsEmpty: true }:
                text.Write(0, 0, text.Width, "∅ there are none", Style.Muted);
                break;
            case PickerContent.Items when Choices.Count == 0:
                text.Write(0, 0, text.Width, "nothing is called so; fewer letters find more", Style.Muted);
                break;
            case PickerContent.Items items:
                Choices.Draw(rows, (row, index) => DrawRow(row, items.All[index], index));
                break;
        }
        if (Selected?.Disabled is { } reason)
            canvas.Part(layout.Footer).Write(2, 0, layout.Footer.Width - 2, $"✗ {reason}", new Style(Tone.Warn));
    }

    public override OverlayStep Handle(TerminalEvent input, FrameSize size)
    {
        if (Choices.Handle(input, FilterBox.Of(AreaIn(size)).Rows) is not var (next, chosen))
            return Stay(this);
        var picker = this with { Choices = next };
        return chosen && picker.Selected is { Disabled: null } item ? Answer(item) : Stay(picker);
    }

    private PickerItem? Selected => Content is PickerContent.Items items && Choices.Current is { } index ? items.All[index] : null;

    private Choices ChoicesIn(PickerContent content, TextField filter)
    {
        var items = content is PickerContent.Items loaded ? loaded.All : ImmutableArray<PickerItem>.Empty;
        var choices = Choices.Of([.. items.Select(item => new Choice(item.Title, item.Note) { Disabled = item.Disabled is not null })], filter);
        var current = filter.Text.Length == 0 ? items.IndexOf(items.FirstOrDefault(item => item.Id == Current)!) : -1;
        return current >= 0 ? choices.Select(current) : choices;
    }

    private static async Task FillAsync(Dialog<PickerItem> dialog, Func<CancellationToken, Task<PickerContent>> load, CancellationToken closed)
    {
        try
        {
            var content = await load(closed);
            dialog.Change(overlay => ((Picker)overlay).With(content));
        }
        catch (OperationCanceledException) when (closed.IsCancellationRequested)
        {
            // The picker is gone; so is whoever wanted the items.
        }
    }

    private string Counted() => Content is not PickerContent.Items { All: var all } ? ""
        : Choices.Count == all.Length ? all.Length.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{Choices.Count} of {all.Length}");

    private void DrawRow(Canvas row, PickerItem item, int index)
    {
        if (item.Id == Current)
            row.Write(0, 0, "●", new Style(Tone.Ok));
        var plain = item.Disabled is null ? Style.Plain : Style.Muted;
        var used = 2 + HighlightedText.Write(row, 2, 0, row.Width - 2, item.Title, Choices.MatchesIn(index), plain, Style.Accent.Bold());
        var note = item.Id == Current ? item.Note.Length > 0 ? $"{item.Note} · current" : "current" : item.Note;
        row.Write(used + 2, 0, row.Width - used - 2, note, Style.Muted, Align.End);
    }
}

/// <summary>What a picker shows.</summary>
internal abstract record PickerContent
{
    private PickerContent() { }

    public sealed record Loading : PickerContent;

    /// <summary>The items in their order.</summary>
    public sealed record Items(ImmutableArray<PickerItem> All) : PickerContent;

    /// <summary>They could not be had.</summary>
    /// <param name="Cause">One sentence.</param>
    /// <param name="Hint">What to do next.</param>
    public sealed record Failed(string Cause, string Hint) : PickerContent;
}
