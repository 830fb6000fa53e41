using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.Layout;

/// <summary>Breaks runs of styled text into lines: at spaces, inside a word only when it is wider than a line.</summary>
internal static class TextWrap
{
    /// <summary>Lines of at most <paramref name="width"/> cells, at least one; line feeds in the text begin a new one.</summary>
    public static List<StyledText[]> Lines(IEnumerable<StyledText> runs, int width)
    {
        if (width <= 0)
            return [];
        var breaker = new Breaker(width);
        foreach (var run in runs)
            breaker.Add(run);
        return breaker.Finish();
    }

    /// <summary>Collects pieces that follow each other in a run, so that a line holds one text a run.</summary>
    private sealed class Breaker(int width)
    {
        private readonly List<StyledText[]> _lines = [];
        private readonly List<StyledText> _line = [];
        private StyledText _run;
        private int _from;
        private int _to;
        private int _used;

        public void Add(StyledText run)
        {
            (_run, _from, _to) = (run, 0, 0);
            var text = run.Text;
            for (var start = 0; start < text.Length;)
            {
                if (text[start] is '\n')
                {
                    EndLine();
                    start++;
                    continue;
                }
                var word = text.AsSpan(start).IndexOfAny(' ', '\n');
                var end = word == 0 ? start + 1 : word < 0 ? text.Length : start + word;
                Place(start, end);
                start = end;
            }
            EndPiece();
        }

        public List<StyledText[]> Finish()
        {
            EndLine();
            return _lines;
        }

        private void Place(int start, int end)
        {
            while (start < end)
            {
                var wide = CellText.WidthOf(_run.Text.AsSpan(start, end - start), width - _used);
                if (_used + wide <= width)
                {
                    Take(start, end, wide);
                    return;
                }
                if (_run.Text[start] is ' ')
                    return; // a space that does not fit is where the line breaks
                if (_used > 0)
                {
                    EndLine();
                    continue;
                }
                // A wide character in a single column is cut by the canvas; it must not stop the line.
                var rest = _run.Text.AsSpan(start, end - start);
                var length = Math.Max(rest.Length > 1 && char.IsSurrogatePair(rest[0], rest[1]) ? 2 : 1, CellText.Fit(rest, width).Length);
                Take(start, start + length, width);
                EndLine();
                start += length;
            }
        }

        private void Take(int start, int end, int wide)
        {
            if (start != _to)
                EndPiece();
            (_from, _to) = (_to == start && _to > _from ? _from : start, end);
            _used += wide;
        }

        private void EndPiece()
        {
            if (_to > _from)
                _line.Add(_from == 0 && _to == _run.Text.Length ? _run : new StyledText(_run.Text[_from.._to], _run.Style));
            _from = _to;
        }

        private void EndLine()
        {
            EndPiece();
            _lines.Add([.. _line]);
            _line.Clear();
            _used = 0;
        }
    }
}
