using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.Overlays;

/// <summary>Draws what lies over the screen onto a frame that shows the screen.</summary>
internal static class OverlayDrawing
{
    /// <summary>Draws the top overlay over a dimmed screen, and the notices over both.</summary>
    public static void Draw(CellBuffer frame, Dialogs dialogs, DateTimeOffset now)
    {
        if (dialogs.Top is { } top)
            Draw(frame, top, now);
        NoticesDrawing.Draw(new Canvas(frame), dialogs.Notices);
    }

    /// <summary>Draws an overlay over a dimmed screen: all of it, also what no plugin can ever draw on.</summary>
    public static void Draw(CellBuffer frame, Overlay overlay, DateTimeOffset now)
    {
        var canvas = new Canvas(frame);
        canvas.Dim();
        overlay.Draw(canvas.Part(overlay.AreaIn(new Screen.FrameSize(frame.Width, frame.Height))), now);
    }
}
