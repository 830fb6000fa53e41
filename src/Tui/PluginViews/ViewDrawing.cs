using LazyOC.Plugins.Contracts.Views;
using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.PluginViews;

/// <summary>Draws a view tree that nobody operates: messages, and frames that are printed. See <see cref="ViewPane"/> for the others.</summary>
internal static class ViewDrawing
{
    /// <summary>Draws a tree from the top of the canvas; returns the rows it takes, visible or not.</summary>
    /// <param name="canvas">Where.</param>
    /// <param name="node">What.</param>
    /// <param name="now">The moment that ages are told at.</param>
    public static int Draw(Canvas canvas, ViewNode node, DateTimeOffset now = default)
    {
        var block = new ViewBlocks(new PaneState()).Of(node, canvas.Width);
        new DrawPass(now).Draw(block, canvas);
        return block.Height;
    }
}
