using System.Collections.Immutable;
using LazyOC.Tui.Screen;
using LazyOC.Tui.Terminal;
using LazyOC.Tui.Widgets;

namespace LazyOC.Tui.Details.Text;

/// <summary>Numbered lines; the oldest may be dropped and new ones come while they are looked at.</summary>
internal interface ITextLines
{
    /// <summary>Number of the first line there is.</summary>
    long First { get; }

    /// <summary>Number after the last line.</summary>
    long End { get; }

    /// <summary>A line as it is shown, without line end.</summary>
    IReadOnlyList<StyledText> this[long number] { get; }
}

/// <summary>What a pane shows at one moment. Immutable.</summary>
/// <param name="Rows">Rows from the top of the pane.</param>
/// <param name="Position">Where in the text they are, for the panel's border.</param>
/// <param name="Prompt">The line that is typed on, below the rows; null when there is none.</param>
/// <param name="PromptNote">Stands behind the prompt.</param>
/// <param name="IsTyping">Whether the prompt has the keyboard.</param>
internal sealed record TextView(ImmutableArray<ImmutableArray<StyledText>> Rows, string Position, TextField? Prompt = null, StyledText PromptNote = default, bool IsTyping = false);

/// <summary>Scrolls, wraps and searches lines; the cost depends on what is in sight, not on the text. Loop only.</summary>
internal sealed class TextPane
{
    private const int SidewaysStep = 8;
    private const int WheelRows = 3;

    private readonly TextSearch _search = new();
    private ITextLines _lines = NoLines.Instance;
    private FrameSize _size = new(1, 1);
    private Place _top;
    private Place _lastTop;
    private int _left;
    private TextField? _typed;

    /// <summary>Stays at the end while lines come.</summary>
    public bool Follow { get; set; }

    /// <summary>Breaks long lines instead of cutting them at the edge.</summary>
    public bool Wrap { get; set; }

    /// <summary>Whether every key is text.</summary>
    public bool IsTyping => _typed is not null;

    /// <summary>Text of the line that the search stands on; null when there is none.</summary>
    public string? CurrentMatch => _search.Current is { } line && line < _lines.End ? TextRuns.TextOf(_lines[line]) : null;

    /// <summary>What stands in <paramref name="size"/> cells now.</summary>
    public TextView Compose(ITextLines lines, FrameSize size)
    {
        (_lines, _size) = (lines, size);
        _search.Advance(lines);
        var hasPrompt = _typed is not null || _search.Query.Length > 0;
        var height = Math.Max(1, size.Height - (hasPrompt ? 1 : 0));
        _lastTop = LastTop(height);
        if (Follow || _top.CompareTo(_lastTop) > 0)
            _top = _lastTop;
        if (_top.Line < lines.First)
            _top = new Place(lines.First, 0);
        return new TextView(Rows(height), Position(height), hasPrompt ? _typed ?? TextField.Of(_search.Query) : null, hasPrompt ? _search.Note : default, IsTyping);
    }

    /// <summary>Scrolling, searching, wrapping; true when the event was for the pane.</summary>
    public bool Handle(TerminalEvent input)
    {
        if (_typed is not null)
            return Type(input);
        return input switch
        {
            TerminalEvent.Mouse { Action: MouseAction.WheelUp } => Scroll(-WheelRows),
            TerminalEvent.Mouse { Action: MouseAction.WheelDown } => Scroll(WheelRows),
            TerminalEvent.KeyPressed { Press: var press } => press.ToString() switch
            {
                "up" or "k" => Scroll(-1),
                "down" or "j" => Scroll(1),
                "pageup" or "ctrl-b" => Scroll(-Page),
                "pagedown" or "ctrl-f" => Scroll(Page),
                "ctrl-u" => Scroll(-Page / 2),
                "ctrl-d" => Scroll(Page / 2),
                "home" or "g" => GoTo(new Place(_lines.First, 0)),
                "end" or "G" => GoTo(_lastTop),
                "left" when !Wrap => Sideways(-SidewaysStep),
                "right" when !Wrap => Sideways(SidewaysStep),
                "w" => ToggleWrap(),
                "/" => StartSearch(),
                "n" when _search.Query.Length > 0 => Find(forward: true),
                "N" when _search.Query.Length > 0 => Find(forward: false),
                "escape" when _search.Query.Length > 0 => EndSearch(),
                _ => false,
            },
            _ => false,
        };
    }

    private int Page => Math.Max(1, _size.Height - 2);

    private bool Type(TerminalEvent input)
    {
        if (input is TerminalEvent.KeyPressed { Press.Key: Key.Escape })
            return EndSearch();
        if (input is TerminalEvent.KeyPressed { Press.Key: Key.Enter })
        {
            _typed = null;
            return true;
        }
        if (input is not (TerminalEvent.KeyPressed or TerminalEvent.Pasted))
            return false;
        _typed = _typed!.Handle(input);
        if (_typed.Text != _search.Query)
        {
            _search.Start(_typed.Text, _lines, _top.Line);
            Reveal();
        }
        return true; // keys that mean nothing here must not mean something elsewhere while one types
    }

    private bool StartSearch()
    {
        _typed = new TextField();
        return true;
    }

    private bool EndSearch()
    {
        _typed = null;
        _search.Start("", _lines, 0);
        return true;
    }

    private bool Find(bool forward)
    {
        _search.Move(forward);
        Reveal();
        return true;
    }

    /// <summary>Brings the match into sight, a third from the top when it was not.</summary>
    private void Reveal()
    {
        if (_search.Current is not { } line || (line >= _top.Line && line < _top.Line + Math.Max(1, _size.Height - 1) && !Wrap))
            return;
        Follow = false;
        _top = new Place(line, 0);
        Move(-_size.Height / 3);
    }

    private bool ToggleWrap()
    {
        (Wrap, _left, _top) = (!Wrap, 0, _top with { Row = 0 });
        return true;
    }

    private bool Sideways(int cells)
    {
        _left = Math.Clamp(_left + cells, 0, TuiLimits.Default.LineCharacters);
        return true;
    }

    private bool GoTo(Place place)
    {
        Follow = false;
        _top = place;
        return true;
    }

    private bool Scroll(int rows)
    {
        if (rows < 0)
            Follow = false;
        Move(rows);
        return true;
    }

    private void Move(int rows)
    {
        var (line, row) = (_top.Line, _top.Row + rows);
        while (row < 0 && line > _lines.First)
            row += CountRows(--line);
        while (line < _lines.End - 1 && CountRows(line) is var count && row >= count)
            (line, row) = (line + 1, row - count);
        _top = new Place(line, Math.Max(0, row));
    }

    private int CountRows(long line) => Wrap ? TextRuns.CountRows(_lines[line], _size.Width) : 1;

    /// <summary>The place of the top row when the last row of the text stands at the bottom.</summary>
    private Place LastTop(int height)
    {
        var (line, row) = (_lines.End, 0);
        while (height > 0 && line > _lines.First)
        {
            var count = CountRows(--line);
            row = Math.Max(0, count - height);
            height -= count;
        }
        return new Place(Math.Max(line, _lines.First), row);
    }

    private ImmutableArray<ImmutableArray<StyledText>> Rows(int height)
    {
        var rows = ImmutableArray.CreateBuilder<ImmutableArray<StyledText>>(height);
        for (var line = _top.Line; line < _lines.End && rows.Count < height; line++)
        {
            var runs = _lines[line];
            if (_search.Query.Length > 0)
                runs = TextRuns.Mark(runs, _search.Query, line == _search.Current ? Surface.Selected : Surface.Raised);
            if (Wrap)
                rows.AddRange(TextRuns.Wrap(runs, _size.Width).Skip(line == _top.Line ? _top.Row : 0).Take(height - rows.Count));
            else
                rows.Add(TextRuns.Skip(runs, _left));
        }
        return rows.DrainToImmutable();
    }

    private string Position(int height)
    {
        var all = _lines.End - _lines.First;
        if (_top.CompareTo(new Place(_lines.First, 0)) <= 0 && _lastTop.CompareTo(_top) <= 0)
            return "";
        var percent = _top.CompareTo(_lastTop) >= 0 ? 100 : (int)(100 * (_top.Line - _lines.First) / Math.Max(1, all - height));
        return $"{Scale.Format(all)} lines · {Math.Min(percent, 100)}%{(_left > 0 ? $" · +{_left}" : "")}";
    }

    /// <summary>A row of a line.</summary>
    private readonly record struct Place(long Line, int Row) : IComparable<Place>
    {
        public int CompareTo(Place other) => Line != other.Line ? Line.CompareTo(other.Line) : Row.CompareTo(other.Row);
    }

    private sealed class NoLines : ITextLines
    {
        public static NoLines Instance { get; } = new();

        public long First => 0;

        public long End => 0;

        public IReadOnlyList<StyledText> this[long number] => [];
    }
}
