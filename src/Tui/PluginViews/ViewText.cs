using LazyOC.Plugins.Contracts.Views;
using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.PluginViews;

/// <summary>A plugin's view as the text that its reader sees, without colours: for tests, and for who reads by ear.</summary>
public static class ViewText
{
    /// <summary>Rows beyond are left out: a view may be taller than any screen.</summary>
    private const int MaxRows = 2_000;

    /// <summary>Draws a view with all its rows. Thread safe.</summary>
    /// <param name="view">What.</param>
    /// <param name="width">Of its area in cells, at least 1.</param>
    /// <param name="now">The moment that ages are told at.</param>
    /// <returns>Lines, each with <c>\n</c> behind and no blanks at its end.</returns>
    public static string Of(ViewNode view, int width, DateTimeOffset now)
    {
        var rows = Draw(new CellBuffer(width, 1), view, now);
        var frame = new CellBuffer(width, Math.Clamp(rows, 1, MaxRows));
        Draw(frame, view, now);
        using var text = new StringWriter();
        FrameWriter.Write(frame, text);
        return text.ToString();
    }

    private static int Draw(CellBuffer frame, ViewNode view, DateTimeOffset now)
    {
        var canvas = new Canvas(frame);
        canvas.Fill(Style.Plain);
        return ViewDrawing.Draw(canvas, view, now);
    }
}
