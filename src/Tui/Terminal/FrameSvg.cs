using System.Globalization;
using System.Security;
using System.Text;

namespace LazyOC.Tui.Terminal;

/// <summary>Writes a frame as an SVG picture of a terminal, for documentation.</summary>
public static class FrameSvg
{
    private const double CellWidth = 8.4;
    private const double CellHeight = 18;
    private const double Baseline = 13.5;
    private const double Margin = 14;

    /// <summary>Writes a stand-alone SVG document.</summary>
    /// <param name="frame">What to draw.</param>
    /// <param name="output">Where to.</param>
    /// <param name="theme">Colours; null takes <see cref="Theme.Dark"/>.</param>
    /// <param name="title">The picture's title for readers who cannot see it.</param>
    public static void Write(CellBuffer frame, TextWriter output, Theme? theme = null, string title = "LazyOC")
    {
        theme ??= Theme.Dark;
        var width = Number(frame.Width * CellWidth + 2 * Margin);
        var height = Number(frame.Height * CellHeight + 2 * Margin);
        output.Write($"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img">
            <title>{SecurityElement.Escape(title)}</title>
            <rect width="100%" height="100%" rx="10" fill="{theme.Background(Style.Plain)}"/>
            <g font-family="'JetBrains Mono','Cascadia Mono','DejaVu Sans Mono',Menlo,Consolas,monospace" font-size="14" xml:space="preserve">

            """);
        for (var y = 0; y < frame.Height; y++)
            WriteRow(frame.Row(y), y, output, theme);
        output.Write("</g>\n</svg>\n");
    }

    private static void WriteRow(ReadOnlySpan<Cell> row, int y, TextWriter output, Theme theme)
    {
        for (var start = 0; start < row.Length;)
        {
            var end = start + 1;
            while (end < row.Length && row[end].Style == row[start].Style)
                end++;
            WriteRun(row[start..end], start, y, output, theme);
            start = end;
        }
    }

    private static void WriteRun(ReadOnlySpan<Cell> run, int x, int y, TextWriter output, Theme theme)
    {
        var style = run[0].Style;
        var left = Margin + x * CellWidth;
        var top = Margin + y * CellHeight;
        if (style.Surface != Surface.Base)
            output.Write($"<rect x=\"{Number(left)}\" y=\"{Number(top)}\" width=\"{Number(run.Length * CellWidth)}\" height=\"{Number(CellHeight)}\" fill=\"{theme.Background(style)}\"/>\n");
        var text = new StringBuilder();
        foreach (ref readonly var cell in run)
            text.Append(cell.Grapheme);
        var content = text.ToString();
        if (content.AsSpan().Trim(' ').IsEmpty)
            return;
        var weight = style.Attributes.HasFlag(TextAttributes.Bold) ? " font-weight=\"bold\"" : "";
        var underline = style.Attributes.HasFlag(TextAttributes.Underline) ? " text-decoration=\"underline\"" : "";
        // textLength pins every run to the grid, whatever font the reader has.
        output.Write($"<text x=\"{Number(left)}\" y=\"{Number(top + Baseline)}\" textLength=\"{Number(run.Length * CellWidth)}\" lengthAdjust=\"spacingAndGlyphs\" fill=\"{theme.Foreground(style)}\"{weight}{underline}>{SecurityElement.Escape(content)}</text>\n");
    }

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
