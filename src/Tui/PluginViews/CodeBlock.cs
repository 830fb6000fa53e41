using LazyOC.Plugins.Contracts.Views;
using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.PluginViews;

/// <summary>Lines as they are, cut at the edge. Where lines begin is found once; only visible lines are coloured.</summary>
internal sealed class CodeBlock : Block
{
    /// <summary>Characters of a line that are coloured: what is further right is hardly in sight.</summary>
    private const int ColoredCharacters = 2_000;

    private readonly string _text;
    private readonly string? _language;
    private readonly List<int> _starts = [];

    public CodeBlock(ViewNode.Code code)
    {
        (_text, _language) = (code.Content, code.Language);
        for (var start = 0; start <= _text.Length;)
        {
            _starts.Add(start);
            var length = _text.AsSpan(start).IndexOf('\n');
            if (length < 0)
                break;
            start += length + 1;
        }
        if (_text.EndsWith('\n'))
            _starts.RemoveAt(_starts.Count - 1);
    }

    public override int Height => _starts.Count;

    public override void Draw(Canvas canvas, DrawPass pass)
    {
        var (first, end) = canvas.VisibleRows;
        for (var y = first; y < Math.Min(end, _starts.Count); y++)
            DrawLine(canvas, y);
    }

    private void DrawLine(Canvas canvas, int y)
    {
        var to = y + 1 < _starts.Count ? _starts[y + 1] : _text.Length;
        var line = _text.AsSpan(_starts[y], to - _starts[y]).TrimEnd("\r\n");
        var colored = line[..Math.Min(line.Length, ColoredCharacters)];
        var x = 0;
        var at = 0;
        foreach (var token in new CodeColors(colored, _language))
        {
            x += canvas.Write(x, y, line.Slice(at, token.Length), token.Style);
            at += token.Length;
        }
        canvas.Write(x, y, line[at..], Style.Plain);
        if (CellText.WidthOf(line, canvas.Width) > canvas.Width)
            canvas.Write(canvas.Width - 1, y, "…", Style.Muted);
    }
}
