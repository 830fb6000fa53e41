using System.Collections.Immutable;

namespace LazyOC.Tui.Screen;

/// <summary>Keys of each panel, the most used first.</summary>
internal static class KeyHints
{
    private static readonly ImmutableArray<KeyHint> Everywhere = [new("tab", "panel"), new(":", "command"), new("n", "namespace"), new("c", "context"), new("P", "plugins"), new("?", "keys")];

    public static ImmutableArray<KeyHint> For(FocusedPanel panel) => panel switch
    {
        FocusedPanel.Navigation => [new("↑↓", "kind"), new("enter", "list"), .. Everywhere],
        FocusedPanel.Details => [new("[ ]", "tab"), new("↑↓", "scroll"), new("y", "copy"), new("esc", "back"), .. Everywhere],
        _ => [new("↑↓", "move"), new("enter", "open"), new("/", "filter"), new("l", "logs"), new("d", "delete"), .. Everywhere],
    };
}
