using System.Collections.Immutable;

namespace LazyOC.Plugins.Contracts.Manifest;

/// <summary>A text with JSONPaths in braces: <c>app={.metadata.labels.app}</c>. There is no escape; a brace is never part of the text.</summary>
public static class PathTemplate
{
    /// <summary>The parts in their order, texts and paths; empty when the template is not well formed.</summary>
    public static ImmutableArray<(string Text, bool IsPath)> Parse(string template)
    {
        var parts = ImmutableArray.CreateBuilder<(string, bool)>();
        for (var at = 0; at < template.Length;)
        {
            var open = template.IndexOf('{', at);
            var text = open < 0 ? template[at..] : template[at..open];
            if (text.Contains('}', StringComparison.Ordinal)) return [];
            if (text.Length > 0) parts.Add((text, false));
            if (open < 0) break;
            var close = template.IndexOf('}', open);
            if (close < 0 || template[(open + 1)..close].Trim() is not { Length: > 0 } path || path.Contains('{', StringComparison.Ordinal)) return [];
            parts.Add((path, true));
            at = close + 1;
        }
        return parts.ToImmutable();
    }

    /// <summary>What is wrong with a template, continuing a sentence that begins with it; null when nothing is.</summary>
    public static string? Check(string template) =>
        template.Length == 0 ? "is empty"
        : Parse(template) is not { IsEmpty: false } parts ? "has a brace without its other half, or nothing between two"
        : parts.Any(part => part.IsPath) ? null
        : "has no path in braces";
}
