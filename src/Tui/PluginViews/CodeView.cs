using LazyOC.Plugins.Contracts.Views;
using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.PluginViews;

/// <summary>Draws <see cref="ViewNode.Code"/>: lines as they are, cut at the edge, with the little colour a glance needs.</summary>
internal static class CodeView
{
    /// <summary>Draws the visible lines; returns all of them.</summary>
    public static int Draw(Canvas canvas, ViewNode.Code code)
    {
        var (first, end) = canvas.VisibleRows;
        var line = 0;
        foreach (var range in code.Content.AsSpan().Split('\n'))
        {
            if (line >= first && line < end)
                DrawLine(canvas, line, code.Content.AsSpan()[range].TrimEnd('\r'), code.Language);
            line++;
        }
        return code.Content.EndsWith('\n') ? line - 1 : line;
    }

    private static void DrawLine(Canvas canvas, int y, ReadOnlySpan<char> line, string? language)
    {
        var key = language == "yaml" ? KeyLength(line) : 0;
        if (key == 0)
        {
            canvas.Write(0, y, canvas.Width, line, language == "log" ? LogStyle(line) : Style.Plain);
            return;
        }
        var x = canvas.Write(0, y, line[..key], Style.Accent);
        canvas.Write(x, y, Math.Max(0, canvas.Width - x), line[key..], Style.Plain);
    }

    /// <summary>Characters up to a YAML key's colon; 0 when the line has no key.</summary>
    public static int KeyLength(ReadOnlySpan<char> line)
    {
        var start = line.IndexOfAnyExcept(' ', '-');
        if (start < 0 || line[start] is '"' or '\'' or '|' or '#')
            return 0;
        var colon = line.IndexOf(": ", StringComparison.Ordinal);
        return colon > start ? colon : line[^1] == ':' ? line.Length - 1 : 0;
    }

    public static Style LogStyle(ReadOnlySpan<char> line) =>
        line.Contains("error", StringComparison.OrdinalIgnoreCase) || line.Contains("fatal", StringComparison.OrdinalIgnoreCase) ? Style.Error
        : line.Contains("warn", StringComparison.OrdinalIgnoreCase) ? new Style(Tone.Warn)
        : Style.Plain;
}
