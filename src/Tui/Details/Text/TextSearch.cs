using LazyOC.Tui.Terminal;
using LazyOC.Tui.Widgets;

namespace LazyOC.Tui.Details.Text;

/// <summary>Finds the lines that hold a text and goes from one to the next; new lines are looked at as they come. Loop only.</summary>
internal sealed class TextSearch
{
    private readonly List<long> _matches = [];
    private ITextLines? _lines;
    private long _searchedTo;

    /// <summary>What is searched for; empty when nothing is. Without a capital it is found in any case.</summary>
    public string Query { get; private set; } = "";

    /// <summary>The matching line that it stands on; null when there is none.</summary>
    public long? Current { get; private set; }

    /// <summary>How many matches there are, for beside the query.</summary>
    public StyledText Note => Query.Length == 0 ? new("", Style.Muted)
        : _matches.Count == 0 ? new("no match", new Style(Tone.Warn))
        : new($"{(Current is { } line ? _matches.BinarySearch(line) + 1 : 0)} of {Scale.Format(_matches.Count)}{(IsFull ? "+" : "")}", Style.Muted);

    private bool IsFull => _matches.Count >= TuiLimits.Default.Matches;

    /// <summary>Searches anew and stands on the first match from a line on, or the last before it.</summary>
    public void Start(string query, ITextLines lines, long from)
    {
        Query = query;
        Reset(lines);
        Advance(lines);
        Current = _matches.Count == 0 ? null : _matches.Find(line => line >= from) is var next && next >= from ? next : _matches[^1];
    }

    /// <summary>Looks at the lines that came and forgets the ones that were dropped.</summary>
    public void Advance(ITextLines lines)
    {
        if (Query.Length == 0)
            return;
        if (!ReferenceEquals(lines, _lines))
            Reset(lines);
        _matches.RemoveRange(0, _matches.FindIndex(line => line >= lines.First) is var kept && kept < 0 ? _matches.Count : kept);
        for (_searchedTo = Math.Max(_searchedTo, lines.First); _searchedTo < lines.End && !IsFull; _searchedTo++)
        {
            if (TextRuns.IndexOf(TextRuns.TextOf(lines[_searchedTo]), Query, 0) >= 0)
                _matches.Add(_searchedTo);
        }
        if (Current is { } line && _matches.BinarySearch(line) < 0)
            Current = _matches.Count == 0 ? null : _matches[Math.Min(~_matches.BinarySearch(line), _matches.Count - 1)];
    }

    /// <summary>Goes to the next or the previous match, round the ends.</summary>
    public void Move(bool forward)
    {
        if (_matches.Count == 0)
            return;
        var index = Current is { } line ? _matches.BinarySearch(line) : forward ? -1 : 0;
        Current = _matches[(index + (forward ? 1 : -1) + _matches.Count) % _matches.Count];
    }

    private void Reset(ITextLines lines)
    {
        _lines = lines;
        _matches.Clear();
        _searchedTo = lines.First;
    }
}
