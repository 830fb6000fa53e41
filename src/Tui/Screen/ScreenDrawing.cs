using LazyOC.Tui.Panels;
using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.Screen;

/// <summary>Draws a <see cref="ScreenState"/>: a pure function of state and size.</summary>
internal static class ScreenDrawing
{
    public static CellBuffer Render(ScreenState state, FrameSize size)
    {
        var frame = new CellBuffer(size.Width, size.Height);
        var canvas = new Canvas(frame);
        var layout = ScreenLayout.Of(size, state.Focus, state.Details is not null, state.List.Rows.Count);
        Draw(canvas, layout.Header, part => HeaderPanel.Draw(part, state.Header));
        Draw(canvas, layout.Navigation, part => NavigationPanel.Draw(part, state.Navigation, state.Focus == FocusedPanel.Navigation));
        Draw(canvas, layout.List, part => ListPanel.Draw(part, state.List, state.Focus == FocusedPanel.List));
        if (state.Details is { } details)
            Draw(canvas, layout.Details, part => DetailsPanel.Draw(part, details, state.Focus == FocusedPanel.Details));
        Draw(canvas, layout.Status, part => StatusBar.Draw(part, state.Status));
        return frame;
    }

    private static void Draw(Canvas canvas, Rect area, Action<Canvas> draw)
    {
        if (!area.IsEmpty)
            draw(canvas.Part(area));
    }
}
