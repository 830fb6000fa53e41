namespace LazyOC.Tui.Terminal;

/// <summary>Widths of text in cells, as <see cref="CellBuffer"/> will draw it.</summary>
internal static class CellText
{
    /// <summary>Cells the text takes.</summary>
    public static int WidthOf(ReadOnlySpan<char> text) => WidthOf(text, int.MaxValue);

    /// <summary>Cells the text takes; stops counting once it exceeds <paramref name="enough"/>.</summary>
    public static int WidthOf(ReadOnlySpan<char> text, int enough)
    {
        var reader = new GraphemeReader(text);
        var width = 0;
        while (width <= enough && reader.Read())
            width += reader.Width;
        return width;
    }

    /// <summary>How many characters of the text fit into <paramref name="width"/> cells, and the cells they take.</summary>
    public static (int Length, int Width) Fit(ReadOnlySpan<char> text, int width)
    {
        var reader = new GraphemeReader(text);
        int length = 0, used = 0;
        while (reader.Read() && used + reader.Width <= width)
        {
            used += reader.Width;
            length = text.Length - reader.Remaining;
        }
        return (length, used);
    }
}
