using System.Globalization;
using System.Text;

namespace LazyOC.Plugins.Sandbox.Guests.JavaScript;

/// <summary>Makes a stack of QuickJS readable for the plugin's author: places in the bundle become places in its sources, the host's own frames go.</summary>
/// <param name="map">The bundle's source map, if it has one; read when it is needed.</param>
internal sealed class StackMapper(Lazy<SourceMap?> map)
{
    /// <summary>Reads the source map now.</summary>
    public void Load() => _ = map.Value;

    /// <summary>Maps a stack; null when nothing of it is left.</summary>
    public string? Map(string stack)
    {
        var mapped = new StringBuilder();
        foreach (var line in stack.AsSpan().EnumerateLines())
        {
            // A truncated last line has no end that could be mapped; it stays as it is.
            if (line.IsWhiteSpace() || line.Contains($"({Bytecode.PreludeName}:", StringComparison.Ordinal))
                continue;
            if (mapped.Length > 0)
                mapped.Append('\n');
            AppendFrame(mapped, line);
        }
        return mapped.Length == 0 ? null : mapped.ToString();
    }

    /// <summary>A frame is <c>    at name (plugin.js:line:column)</c>.</summary>
    private void AppendFrame(StringBuilder mapped, ReadOnlySpan<char> frame)
    {
        var start = frame.LastIndexOf($"{Bytecode.BundleName}:", StringComparison.Ordinal);
        if (start >= 0 && map.Value is { } sources)
        {
            var place = frame[(start + Bytecode.BundleName.Length + 1)..];
            var colon = place.IndexOf(':');
            var end = place.TrimEnd(')').Length;
            if (colon > 0
                && int.TryParse(place[..colon], NumberStyles.None, CultureInfo.InvariantCulture, out var line)
                && int.TryParse(place[(colon + 1)..end], NumberStyles.None, CultureInfo.InvariantCulture, out var column)
                // QuickJS counts the columns of line 1 from 0, those of all others from 1.
                && sources.Find(line, line == 1 ? column + 1 : column) is { } position)
            {
                mapped.Append(frame[..start])
                    .Append(CultureInfo.InvariantCulture, $"{position.Source}:{position.Line}:{position.Column}")
                    .Append(place[end..]);
                return;
            }
        }
        mapped.Append(frame);
    }
}
