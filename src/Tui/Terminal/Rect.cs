namespace LazyOC.Tui.Terminal;

/// <summary>An area of cells. Sizes are never negative.</summary>
/// <param name="X">Column of the left edge.</param>
/// <param name="Y">Row of the top edge.</param>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
internal readonly record struct Rect(int X, int Y, int Width, int Height)
{
    public int Right => X + Width;
    public int Bottom => Y + Height;
    public bool IsEmpty => Width <= 0 || Height <= 0;

    public bool Contains(int x, int y) => x >= X && x < Right && y >= Y && y < Bottom;

    public Rect Intersect(Rect other)
    {
        var x = Math.Max(X, other.X);
        var y = Math.Max(Y, other.Y);
        return new Rect(x, y, Math.Max(0, Math.Min(Right, other.Right) - x), Math.Max(0, Math.Min(Bottom, other.Bottom) - y));
    }

    public Rect Inset(int horizontal, int vertical) => new(
        X + Math.Min(horizontal, Width / 2), Y + Math.Min(vertical, Height / 2),
        Math.Max(0, Width - 2 * horizontal), Math.Max(0, Height - 2 * vertical));

    /// <summary>Cuts <paramref name="width"/> columns off the left; both parts stay inside.</summary>
    public (Rect Left, Rect Remainder) SplitLeft(int width)
    {
        var w = Math.Clamp(width, 0, Width);
        return (this with { Width = w }, new Rect(X + w, Y, Width - w, Height));
    }

    /// <summary>Cuts <paramref name="height"/> rows off the top; both parts stay inside.</summary>
    public (Rect Top, Rect Remainder) SplitTop(int height)
    {
        var h = Math.Clamp(height, 0, Height);
        return (this with { Height = h }, new Rect(X, Y + h, Width, Height - h));
    }

    /// <summary>Cuts <paramref name="height"/> rows off the bottom; both parts stay inside.</summary>
    public (Rect Remainder, Rect Bottom) SplitBottom(int height)
    {
        var (top, bottom) = SplitTop(Height - Math.Clamp(height, 0, Height));
        return (top, bottom);
    }
}
