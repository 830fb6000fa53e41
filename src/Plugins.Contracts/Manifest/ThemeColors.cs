using System.Collections.Immutable;
using System.Globalization;

namespace LazyOC.Plugins.Contracts.Manifest;

/// <summary>The names and the form of a theme's colours.</summary>
public static class ThemeColors
{
    /// <summary>What text means.</summary>
    public static ImmutableArray<string> Tones { get; } = ["plain", "muted", "strong", "accent", "ok", "warn", "error", "info", "border", "focus", "key"];

    /// <summary>What text lies on.</summary>
    public static ImmutableArray<string> Surfaces { get; } = ["base", "bar", "selected", "raised"];

    /// <summary>All that a theme can colour.</summary>
    public static ImmutableArray<string> Names { get; } = [.. Tones, .. Surfaces];

    /// <summary>Reads <c>#rrggbb</c>; false when the text is anything else.</summary>
    public static bool TryParse(string text, out (byte Red, byte Green, byte Blue) color)
    {
        color = default;
        if (text.Length != 7 || text[0] != '#' || !int.TryParse(text.AsSpan(1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var rgb)) return false;
        color = ((byte)(rgb >> 16), (byte)(rgb >> 8), (byte)rgb);
        return true;
    }
}
