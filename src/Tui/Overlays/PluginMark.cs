using LazyOC.Plugins.Contracts;
using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.Overlays;

/// <summary>Which plugin something on the screen comes from, in the host's words.</summary>
/// <param name="Id">Who it is, whatever it calls itself.</param>
/// <param name="Name">What it calls itself: its own text.</param>
internal sealed record PluginMark(PluginId Id, string Name)
{
    private const int WidestName = 40;

    /// <summary><c>plugin Pod health (lazyoc.pod-health)</c>; a name is cut, and has no parentheses that could look like an id.</summary>
    public override string ToString()
    {
        var name = Name.Replace('(', '[').Replace(')', ']').ReplaceLineEndings(" ");
        var (length, _) = CellText.Fit(name, WidestName);
        return $"plugin {name[..length]}{(length < name.Length ? "…" : "")} ({Id})";
    }
}
