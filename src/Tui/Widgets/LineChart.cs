using System.Collections.Immutable;
using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.Widgets;

/// <summary>Lines drawn in braille dots, two by four in a cell.</summary>
internal sealed class LineChart
{
    private const int FirstPattern = 0x2800;

    /// <summary>Bits of the dots of a braille pattern (Unicode chapter 21.1), by row and column.</summary>
    private static readonly int[,] Dots = { { 0x01, 0x08 }, { 0x02, 0x10 }, { 0x04, 0x20 }, { 0x40, 0x80 } };

    private readonly int _width;
    private readonly int _height;
    private readonly int[] _patterns;
    private readonly Style[] _styles;

    public LineChart(int width, int height)
    {
        (_width, _height) = (Math.Max(0, width), Math.Max(0, height));
        _patterns = new int[_width * _height];
        _styles = new Style[_patterns.Length];
    }

    /// <summary>Adds a line; where lines cross, the last one gives the colour.</summary>
    public void Add(ImmutableArray<double?> values, Scale scale, Style style)
    {
        if (_patterns.Length == 0)
            return;
        (int X, int Y)? previous = null;
        for (var i = 0; i < values.Length; i++)
        {
            if (scale.Position(values[i]) is not { } position)
            {
                previous = null;
                continue;
            }
            var x = values.Length == 1 ? 0 : (int)((long)i * (_width * 2 - 1) / (values.Length - 1));
            var y = (int)Math.Round((1 - position) * (_height * 4 - 1));
            Connect(previous ?? (x, y), (x, y), style);
            previous = (x, y);
        }
    }

    public void Draw(Canvas canvas, int x, int y)
    {
        for (var i = 0; i < _patterns.Length; i++)
        {
            if (_patterns[i] != 0)
                canvas.Write(x + i % _width, y + i / _width, [(char)(FirstPattern + _patterns[i])], _styles[i]);
        }
    }

    /// <summary>Bresenham's line.</summary>
    private void Connect((int X, int Y) from, (int X, int Y) to, Style style)
    {
        int dx = Math.Abs(to.X - from.X), dy = -Math.Abs(to.Y - from.Y);
        int stepX = from.X < to.X ? 1 : -1, stepY = from.Y < to.Y ? 1 : -1;
        var error = dx + dy;
        var (x, y) = from;
        while (true)
        {
            var cell = y / 4 * _width + x / 2;
            _patterns[cell] |= Dots[y % 4, x % 2];
            _styles[cell] = style;
            if ((x, y) == to)
                return;
            var twice = 2 * error;
            if (twice >= dy)
            {
                error += dy;
                x += stepX;
            }
            if (twice <= dx)
            {
                error += dx;
                y += stepY;
            }
        }
    }
}
