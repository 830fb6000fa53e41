using LazyOC.Plugins.Contracts.Views;

namespace LazyOC.Tui.PluginViews;

/// <summary>Signs of status for those who see no colour.</summary>
internal static class Severity
{
    /// <summary>A sign and a space; empty for what is no status.</summary>
    public static string Mark(TextStyle style) => style switch
    {
        TextStyle.Ok => "✓ ",
        TextStyle.Warn => "▲ ",
        TextStyle.Error => "✗ ",
        TextStyle.Info => "ℹ ",
        _ => "",
    };
}
