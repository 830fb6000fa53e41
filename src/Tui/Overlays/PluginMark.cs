using LazyOC.Plugins.Contracts;

namespace LazyOC.Tui.Overlays;

/// <summary>Which plugin something on the screen comes from, in the host's words.</summary>
/// <param name="Id">Who it is, whatever it calls itself.</param>
/// <param name="Name">What it calls itself: its own text.</param>
internal sealed record PluginMark(PluginId Id, string Name)
{
    /// <summary><c>plugin Pod health (lazyoc.pod-health)</c>.</summary>
    public override string ToString() => $"plugin {Name} ({Id})";
}
