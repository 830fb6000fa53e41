using System.Text.Json;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Packages;

namespace LazyOC.Marketplace.Scanning.JavaScript;

/// <summary>Whether a script has a source map with which a person can read it (https://tc39.es/ecma426/).</summary>
internal static class SourceMapCheck
{
    private const int MaxDepth = 16;

    /// <summary>Why it has none, continuing a sentence; null when it has.</summary>
    public static string? Explain(PluginPackage package, string path, ScannerLimits limits)
    {
        var name = path + ".map";
        if (package.Find(name) is not { } file) return $"`{name}` is not in the package";
        if (file.Length > limits.SourceMapBytes) return $"`{name}` has {ByteSize.Format(file.Length)}, of which at most {ByteSize.Format(limits.SourceMapBytes)} are read";
        try
        {
            using var document = JsonDocument.Parse(file, new JsonDocumentOptions { MaxDepth = MaxDepth });
            return Explain(document.RootElement) is { } reason ? $"`{name}` {reason}" : null;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // The latter is JsonElement's answer to text that no string can hold.
            return $"`{name}` is not JSON";
        }
    }

    private static string? Explain(JsonElement map)
    {
        if (map.ValueKind != JsonValueKind.Object || !map.TryGetProperty("version", out var version) || version.ValueKind != JsonValueKind.Number || version.GetDouble() != 3) return "is no source map of version 3";
        if (!map.TryGetProperty("mappings", out var mappings) || mappings.ValueKind != JsonValueKind.String || mappings.GetString()!.Length == 0) return "maps nothing";
        if (!map.TryGetProperty("sources", out var sources) || sources.ValueKind != JsonValueKind.Array || sources.GetArrayLength() == 0) return "names no sources";
        if (!map.TryGetProperty("sourcesContent", out var contents) || contents.ValueKind != JsonValueKind.Array || contents.GetArrayLength() != sources.GetArrayLength()
            || contents.EnumerateArray().Any(content => content.ValueKind != JsonValueKind.String || content.GetString()!.Length == 0))
            return "does not have the text of every source";
        return null;
    }
}
