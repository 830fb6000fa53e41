using LazyOC.Tui.Screen;
using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.Panels;

internal static class PagePanel
{
    public static void Draw(Canvas canvas, PageState page, bool focused, DateTimeOffset now) { }
}
