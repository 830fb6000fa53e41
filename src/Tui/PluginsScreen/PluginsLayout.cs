using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.PluginsScreen;

/// <summary>Where the parts of the plugins page stand; an empty area is not shown.</summary>
internal readonly record struct PluginsLayout(Rect List, Rect Details)
{
    /// <summary>Narrower pages show either the list or the details.</summary>
    private const int BesideFrom = 90;

    /// <summary>Rows of the details above the content of a tab.</summary>
    private const int TabsHeight = 2;

    /// <summary>The content of a tab, inside the border and below the tabs.</summary>
    public Rect Content
    {
        get
        {
            var inside = Inside(Details);
            return inside.SplitTop(Math.Min(TabsHeight, Math.Max(0, inside.Height - 1))).Remainder;
        }
    }

    /// <summary>The row of the tabs.</summary>
    public Rect Tabs => Inside(Details).SplitTop(1).Top;

    /// <summary>The rows of the list, its heading first.</summary>
    public Rect Table => Inside(List);

    public static PluginsLayout Of(Rect area, bool inDetails)
    {
        if (area.Width < BesideFrom)
            return inDetails ? new PluginsLayout(default, area) : new PluginsLayout(area, default);
        var (list, details) = area.SplitLeft(area.Width / 2);
        return new PluginsLayout(list, details);
    }

    /// <summary>What a panel's frame leaves.</summary>
    private static Rect Inside(Rect panel) => panel.Width < 4 || panel.Height < 3 ? panel : panel.Inset(panel.Width >= 12 ? 2 : 1, 1);
}
