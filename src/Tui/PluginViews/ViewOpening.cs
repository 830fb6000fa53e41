using LazyOC.Plugins.Runtime.Extensions;

namespace LazyOC.Tui.PluginViews;

/// <summary>Opens views of plugins that may be going away in the same moment.</summary>
internal static class ViewOpening
{
    /// <summary>The view; null when its plugin contributes it no longer, which the screen follows with its next look at what there is.</summary>
    public static ViewSession? Try(Func<ViewSession> open)
    {
        try
        {
            return open();
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
