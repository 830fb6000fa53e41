using System.Collections.Immutable;

namespace LazyOC.Tui.Overlays;

/// <summary>
/// Finds what somebody means by some letters: they must occur in order, best at the start, at starts of words and side by
/// side. The score is that of the best placement (Smith-Waterman with affine gaps, as fzf does it), so it does not depend
/// on where a greedy search would have begun.
/// </summary>
internal static class FuzzyMatcher
{
    private const int Match = 16;
    private const int GapStart = -3;
    private const int GapMore = -1;
    private const int AtStart = 12;
    private const int AtWord = 8;
    private const int AtHump = 7;
    private const int SideBySide = 8;
    private const int Impossible = int.MinValue / 2;

    /// <summary>Longest term that is looked for; what follows is not looked at.</summary>
    private const int MaxTerm = 64;

    /// <summary>How well <paramref name="term"/> is found in <paramref name="text"/>; null when it is not in it. An empty term is everywhere.</summary>
    public static int? Score(ReadOnlySpan<char> term, ReadOnlySpan<char> text) => Place(ref term, text) is { } table ? table.Best().Score : null;

    /// <summary>Where in the text the characters of the term stand, ascending; empty when it is not in it.</summary>
    public static ImmutableArray<int> Positions(ReadOnlySpan<char> term, ReadOnlySpan<char> text)
    {
        if (Place(ref term, text) is not { } table || term.IsEmpty)
            return [];
        var positions = new int[term.Length];
        var at = table.Best().At;
        for (var i = term.Length - 1; i >= 0; i--)
        {
            positions[i] = at;
            at = table.Before(i, at);
        }
        return [.. positions];
    }

    private static Table? Place(ref ReadOnlySpan<char> term, ReadOnlySpan<char> text)
    {
        term = term[..Math.Min(term.Length, MaxTerm)];
        text = text[..Math.Min(text.Length, OverlayLimits.Default.MatchedCharacters)];
        if (!IsIn(term, text))
            return null;
        var table = new Table(term.Length, text.Length);
        for (var i = 0; i < term.Length; i++)
        {
            var wanted = char.ToLowerInvariant(term[i]);
            for (var j = i; j < text.Length; j++)
            {
                if (char.ToLowerInvariant(text[j]) == wanted)
                    table.Put(i, j, Match + Bonus(text, j));
            }
            table.EndRow(i);
        }
        return table;
    }

    private static bool IsIn(ReadOnlySpan<char> term, ReadOnlySpan<char> text)
    {
        var i = 0;
        for (var j = 0; j < text.Length && i < term.Length; j++)
        {
            if (char.ToLowerInvariant(text[j]) == char.ToLowerInvariant(term[i]))
                i++;
        }
        return i == term.Length;
    }

    private static int Bonus(ReadOnlySpan<char> text, int at)
    {
        if (at == 0)
            return AtStart;
        var (before, here) = (text[at - 1], text[at]);
        if (!char.IsLetterOrDigit(before))
            return char.IsLetterOrDigit(here) ? AtWord : 0;
        return char.IsLower(before) && char.IsUpper(here) ? AtHump : 0;
    }

    /// <summary>The best score of the term up to a character when that character stands at a place of the text.</summary>
    private sealed class Table(int terms, int places)
    {
        private readonly int[] _score = Filled(terms * places, Impossible);
        private readonly int[] _from = new int[terms * places];

        /// <summary>Best score of the row before with the gap up to the current place, and where it ended.</summary>
        private readonly (int Score, int At)[] _reached = Filled(places, (Impossible, -1));

        public void Put(int term, int place, int gain)
        {
            var cell = term * places + place;
            if (term == 0)
            {
                // What is skipped at the start costs little, and less than any gap later.
                (_score[cell], _from[cell]) = (gain - Math.Min(place, 3), -1);
                return;
            }
            var (score, at) = _reached[place];
            var beside = place > 0 ? _score[cell - places - 1] : Impossible;
            if (beside > Impossible && beside + SideBySide >= score)
                (score, at) = (beside + SideBySide, place - 1);
            if (score > Impossible)
                (_score[cell], _from[cell]) = (score + gain, at);
        }

        /// <summary>Carries the scores of a finished row over the gaps behind them.</summary>
        public void EndRow(int term)
        {
            var best = (Score: Impossible, At: -1);
            for (var place = 0; place < places; place++)
            {
                _reached[place] = best;
                if (best.Score > Impossible)
                    best.Score += GapMore;
                if (_score[term * places + place] is > Impossible and var here && here + GapStart > best.Score)
                    best = (here + GapStart, place);
            }
        }

        public (int Score, int At) Best()
        {
            var best = (Score: terms == 0 ? 0 : Impossible, At: 0);
            for (var place = 0; place < places && terms > 0; place++)
            {
                if (_score[(terms - 1) * places + place] is var here && here > best.Score)
                    best = (here, place);
            }
            return best;
        }

        public int Before(int term, int place) => _from[term * places + place];

        private static T[] Filled<T>(int length, T value)
        {
            var cells = new T[length];
            Array.Fill(cells, value);
            return cells;
        }
    }
}
