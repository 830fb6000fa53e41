using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.Screen;

/// <summary>Where each part of the screen stands; an empty area is not shown.</summary>
internal readonly record struct ScreenLayout(Rect Header, Rect Navigation, Rect List, Rect Details, Rect Status)
{
    /// <summary>Narrower terminals show no navigation beside the list.</summary>
    private const int NavigationFrom = 96;

    /// <summary>Lower terminals show either the list or the details.</summary>
    private const int StackedFrom = 28;

    private const int SmallestList = 7;

    /// <summary>Rows of a list panel that are not objects: borders and heading.</summary>
    public const int ListChrome = 3;

    /// <summary>The content of a details panel: inside its border, air, and tabs line.</summary>
    public FrameSize DetailsContent => Details.Width >= 12
        ? new FrameSize(Math.Max(1, Details.Width - 4), Math.Max(1, Details.Height - 4))
        : new FrameSize(Math.Max(1, Details.Width), Math.Max(1, Details.Height));

    /// <summary>The inside of the list or page in the middle.</summary>
    public FrameSize PageContent => new(Math.Max(1, List.Width - 4), Math.Max(1, List.Height - 2));

    /// <summary>Which panel stands at a cell; null for none.</summary>
    public FocusedPanel? PanelAt(int x, int y) =>
        Navigation.Contains(x, y) ? FocusedPanel.Navigation : List.Contains(x, y) ? FocusedPanel.List : Details.Contains(x, y) ? FocusedPanel.Details : null;

    /// <summary>Shares a frame between the panels.</summary>
    /// <param name="size">The frame.</param>
    /// <param name="focus">The panel that must be in sight.</param>
    /// <param name="hasDetails">Whether an object is selected.</param>
    /// <param name="rows">Rows of the list, which gets no more room than it needs.</param>
    /// <param name="zoomed">The panel in focus gets everything.</param>
    public static ScreenLayout Of(FrameSize size, FocusedPanel focus, bool hasDetails, int rows, bool zoomed = false)
    {
        var all = new Rect(0, 0, size.Width, size.Height);
        var (header, body) = size.Height >= 6 ? all.SplitTop(1) : (default, all);
        (body, var status) = size.Height >= 4 ? body.SplitBottom(1) : (body, default);
        if (zoomed)
        {
            return new ScreenLayout(
                header, focus == FocusedPanel.Navigation ? body : default, focus == FocusedPanel.List ? body : default, focus == FocusedPanel.Details ? body : default, status);
        }
        Rect navigation = default;
        if (size.Width >= NavigationFrom)
            (navigation, body) = body.SplitLeft(size.Width >= 150 ? 30 : 26);
        else if (focus == FocusedPanel.Navigation)
            return new ScreenLayout(header, body, default, default, status);

        if (!hasDetails)
            return new ScreenLayout(header, navigation, body, default, status);
        if (size.Height < StackedFrom)
        {
            return focus == FocusedPanel.Details
                ? new ScreenLayout(header, navigation, default, body, status)
                : new ScreenLayout(header, navigation, body, default, status);
        }
        var most = focus == FocusedPanel.Details ? body.Height / 3 : body.Height * 11 / 20;
        var (list, details) = body.SplitTop(Math.Clamp(rows + ListChrome, SmallestList, most));
        return new ScreenLayout(header, navigation, list, details, status);
    }
}
