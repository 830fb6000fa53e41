using LazyOC.Tui.Panels;
using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.Screen;

/// <summary>Draws a <see cref="ScreenState"/>: state, size and moment make the frame.</summary>
internal static class ScreenDrawing
{
    public static CellBuffer Render(ScreenState state, FrameSize size, DateTimeOffset now = default)
    {
        var frame = new CellBuffer(size.Width, size.Height);
        Draw(state, new Canvas(frame), now);
        return frame;
    }

    public static void Draw(ScreenState state, Canvas canvas, DateTimeOffset now)
    {
        var size = new FrameSize(canvas.Width, canvas.Height);
        // The room is kept while the details of an object are being opened: nothing jumps.
        var hasDetails = state.Page is null && (state.Details is not null || state.List is { Selected: not null, Message: null });
        var layout = ScreenLayout.Of(size, state.Focus, hasDetails, state.List.Rows.Count, state.IsZoomed);
        if (Part(canvas, layout.Header) is { } header)
            HeaderPanel.Draw(header, state.Header);
        if (Part(canvas, layout.Navigation) is { } navigation)
            NavigationPanel.Draw(navigation, state.Navigation, state.Focus == FocusedPanel.Navigation);
        if (Part(canvas, layout.List) is { } list)
        {
            if (state.Page is { } page)
                PagePanel.Draw(list, page, state.Focus == FocusedPanel.List, now);
            else
                ListPanel.Draw(list, state.List, state.Focus == FocusedPanel.List);
        }
        if (Part(canvas, layout.Details) is { } details && state.Details is { } shown)
            DetailsPanel.Draw(details, shown, state.Focus == FocusedPanel.Details);
        if (Part(canvas, layout.Status) is { } status)
            StatusBar.Draw(status, state.Status);
    }

    private static Canvas? Part(Canvas canvas, Rect area) => area.IsEmpty ? null : canvas.Part(area);
}
