using System.Collections.Immutable;
using LazyOC.Tui.Terminal;
using LazyOC.Tui.Widgets;

namespace LazyOC.Tui.Overlays;

/// <summary>Something to choose, as far as a filter knows it.</summary>
/// <param name="Text">What is shown and looked at first.</param>
/// <param name="Context">More that may be typed, such as its group.</param>
internal readonly record struct Choice(string Text, string Context = "")
{
    /// <summary>Other names; one that is typed whole finds this before all others.</summary>
    public ImmutableArray<string> Names { get => field.IsDefault ? [] : field; init; }

    /// <summary>Whether it cannot be chosen now; found a little later than what can.</summary>
    public bool Disabled { get; init; }
}

/// <summary>Choices that a text filters, one of them selected. Immutable; the cost of drawing depends on the visible ones only.</summary>
internal sealed record Choices
{
    private const int WheelRows = 3;
    private const int WholeName = 1_000;
    private const int DisabledLater = -4;

    private Choices(ImmutableArray<Choice> all, TextField filter, ImmutableArray<int> found, int count)
    {
        (All, Filter, Found, Count) = (all, filter, found, count);
    }

    public ImmutableArray<Choice> All { get; }

    public TextField Filter { get; private init; }

    /// <summary>Indices of the choices found, the best first; all in their order without a filter.</summary>
    public ImmutableArray<int> Found { get; private init; }

    /// <summary>How many were found, also those beyond <see cref="OverlayLimits.Matches"/>.</summary>
    public int Count { get; private init; }

    /// <summary>Index in <see cref="Found"/>; 0 when nothing is.</summary>
    public int Selected { get; private init; }

    /// <summary>Index of the selected choice; null when nothing is found.</summary>
    public int? Current => Selected < Found.Length ? Found[Selected] : null;

    public static Choices Of(ImmutableArray<Choice> all, TextField? filter = null)
    {
        filter ??= new TextField();
        var (found, count) = Find(all, filter.Text);
        return new Choices(all, filter, found, count);
    }

    /// <summary>The same with another choice selected, if it is found.</summary>
    public Choices Select(int choice) => Found.IndexOf(choice) is >= 0 and var at ? this with { Selected = at } : this;

    /// <summary>Characters of a choice that the filter found, ascending.</summary>
    public ImmutableArray<int> MatchesIn(int choice)
    {
        var text = All[choice].Text;
        return [.. Terms(Filter.Text).SelectMany(term => FuzzyMatcher.Positions(term, text)).Distinct().Order()];
    }

    /// <summary>Moves, filters or chooses; null when the input means nothing here.</summary>
    /// <param name="input">Keys, pastes, the mouse.</param>
    /// <param name="rows">Where the choices are drawn in the frame.</param>
    public (Choices Next, bool Chosen)? Handle(TerminalEvent input, Rect rows) => input switch
    {
        TerminalEvent.Mouse mouse => HandleMouse(mouse, rows),
        TerminalEvent.KeyPressed { Press.Key: Key.Enter } => (this, Current is not null),
        TerminalEvent.KeyPressed { Press: var press } when Move(press, rows.Height) is { } moved => (moved, false),
        _ when Filter.TryHandle(input, out var filter) => (filter.Text == Filter.Text ? this with { Filter = filter } : Of(All, filter), false),
        _ => null,
    };

    /// <summary>The choice drawn in a row of the area; null when there is none.</summary>
    public int? At(int row, int height)
    {
        var at = Table.TopFor(Selected, Found.Length, height) + row;
        return row >= 0 && row < height && at < Found.Length ? at : null;
    }

    /// <summary>Where the rows in sight stand among all that were found.</summary>
    public Scrollbar ScrollbarIn(int height) => new(Found.Length, height, Table.TopFor(Selected, Found.Length, height));

    /// <summary>Draws the choices that are in sight.</summary>
    /// <param name="canvas">The area of <c>rows</c>.</param>
    /// <param name="drawRow">Draws the choice with an index into a row.</param>
    public void Draw(Canvas canvas, Action<Canvas, int> drawRow)
    {
        for (var y = 0; y < canvas.Height && At(y, canvas.Height) is { } at; y++)
        {
            var row = canvas.Part(new Rect(0, y, canvas.Width, 1));
            drawRow(row.Part(new Rect(2, 0, Math.Max(0, canvas.Width - 2), 1)), Found[at]);
            if (at != Selected)
                continue;
            row.Write(0, 0, "▌", new Style(Tone.Focus));
            row.LayRow(0, Surface.Selected);
        }
    }

    private (Choices, bool)? HandleMouse(TerminalEvent.Mouse mouse, Rect rows) => mouse.Action switch
    {
        MouseAction.WheelUp => (To(Selected - WheelRows), false),
        MouseAction.WheelDown => (To(Selected + WheelRows), false),
        MouseAction.Press when rows.Contains(mouse.X, mouse.Y) && At(mouse.Y - rows.Y, rows.Height) is { } at => (To(at), true),
        _ => null,
    };

    private Choices? Move(KeyPress press, int page) => (press.Key, press.Modifiers, press.Rune.Value) switch
    {
        (Key.Up, _, _) or (Key.Character, KeyModifiers.Control, 'p') => To(Selected - 1),
        (Key.Down, _, _) or (Key.Character, KeyModifiers.Control, 'n') => To(Selected + 1),
        (Key.PageUp, _, _) => To(Selected - Math.Max(1, page - 1)),
        (Key.PageDown, _, _) => To(Selected + Math.Max(1, page - 1)),
        _ => null,
    };

    private Choices To(int selected) => this with { Selected = Math.Clamp(selected, 0, Math.Max(0, Found.Length - 1)) };

    private static IEnumerable<string> Terms(string filter) => filter.Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(OverlayLimits.Default.FilterTerms);

    private static (ImmutableArray<int> Found, int Count) Find(ImmutableArray<Choice> all, string filter)
    {
        string[] terms = [.. Terms(filter)];
        if (terms.Length == 0)
            return ([.. Enumerable.Range(0, Math.Min(all.Length, OverlayLimits.Default.Matches))], all.Length);
        var found = new List<(int Index, int Score)>();
        for (var i = 0; i < all.Length; i++)
        {
            if (ScoreOf(all[i], filter.Trim(), terms) is { } score)
                found.Add((i, score));
        }
        found.Sort((a, b) => Compare(all, a, b));
        return ([.. found.Take(OverlayLimits.Default.Matches).Select(f => f.Index)], found.Count);
    }

    private static int? ScoreOf(in Choice choice, string filter, string[] terms)
    {
        var total = choice.Disabled ? DisabledLater : 0;
        foreach (var name in choice.Names)
        {
            if (name.Equals(filter, StringComparison.OrdinalIgnoreCase))
                return total + WholeName;
        }
        foreach (var term in terms)
        {
            if (FuzzyMatcher.Score(term, choice.Text) is { } score)
                total += score;
            else if (!choice.Context.Contains(term, StringComparison.OrdinalIgnoreCase) && !choice.Names.Any(n => n.StartsWith(term, StringComparison.OrdinalIgnoreCase)))
                return null;
        }
        return total;
    }

    /// <summary>The better first, then the shorter, then in their order: the same filter always gives the same list.</summary>
    private static int Compare(ImmutableArray<Choice> all, (int Index, int Score) a, (int Index, int Score) b) =>
        a.Score != b.Score ? b.Score.CompareTo(a.Score)
        : all[a.Index].Text.Length != all[b.Index].Text.Length ? all[a.Index].Text.Length.CompareTo(all[b.Index].Text.Length)
        : a.Index.CompareTo(b.Index);
}
