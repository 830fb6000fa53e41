using LazyOC.Cluster.Watch;
using LazyOC.Tui.Widgets;

namespace LazyOC.Tui.Screen;

/// <summary>
/// What a list is narrowed to, as the user types it: <c>text</c> (contained anywhere, in any case), <c>~text</c> (its
/// letters in this order), <c>!text</c> (not contained), <c>-l selector</c> (labels, left to the server).
/// </summary>
internal sealed record RowFilter
{
    public static RowFilter None { get; } = new("");

    private readonly string _pattern;
    private readonly Kind _kind;

    private RowFilter(string text)
    {
        Text = text;
        (_kind, _pattern) = text switch
        {
            ['-', 'l', .. var labels] when labels.Length == 0 || labels[0] == ' ' => (Kind.Labels, labels.Trim()),
            ['~', .. var letters] => (Kind.Fuzzy, letters),
            ['!', .. var not] => (Kind.Not, not),
            _ => (Kind.Contains, text),
        };
    }

    private enum Kind
    {
        Contains,
        Not,
        Fuzzy,
        Labels,
    }

    /// <summary>As it was typed.</summary>
    public string Text { get; }

    /// <summary>Whether every row is shown.</summary>
    public bool IsNone => _pattern.Length == 0;

    /// <summary>The label selector that the server applies; null when it is not one.</summary>
    public string? Labels => _kind == Kind.Labels && !IsNone ? _pattern : null;

    /// <summary>Finds what to emphasise in the rows that match; null when there is nothing.</summary>
    public CellMatches? Hits => _kind == Kind.Contains && !IsNone ? FindHits : null;

    public static RowFilter Parse(string text) => text.Length == 0 ? None : new RowFilter(text);

    /// <summary>Whether a row is shown; <paramref name="columns"/> are the values searched besides its name and namespace.</summary>
    public bool Matches(ResourceRow row, ReadOnlySpan<int> columns) => IsNone || _kind switch
    {
        Kind.Labels => true,
        Kind.Fuzzy => IsSubsequence(row.Name),
        Kind.Not => !Contains(row, columns),
        _ => Contains(row, columns),
    };

    private int FindHits(int column, string text, Span<TextMatch> matches)
    {
        var count = 0;
        for (var at = text.IndexOf(_pattern, StringComparison.OrdinalIgnoreCase); at >= 0 && count < matches.Length; at = text.IndexOf(_pattern, at + _pattern.Length, StringComparison.OrdinalIgnoreCase))
            matches[count++] = new TextMatch(at, _pattern.Length);
        return count;
    }

    private bool Contains(ResourceRow row, ReadOnlySpan<int> columns)
    {
        if (Has(row.Name) || Has(row.Namespace))
            return true;
        foreach (var column in columns)
        {
            if (Has(row[column].Text))
                return true;
        }
        return false;
    }

    private bool Has(string? text) => text is not null && text.Contains(_pattern, StringComparison.OrdinalIgnoreCase);

    private bool IsSubsequence(string text)
    {
        var at = 0;
        foreach (var c in text)
        {
            if (at < _pattern.Length && char.ToUpperInvariant(c) == char.ToUpperInvariant(_pattern[at]))
                at++;
        }
        return at == _pattern.Length;
    }
}
