using System.Collections.Immutable;
using System.Text.Json.Serialization.Metadata;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Json;

namespace LazyOC.Marketplace.Protocol;

/// <summary>What all documents of a registry are read with.</summary>
internal static class RegistryDocument
{
    private const int MaxDepth = 16;

    private const string NewerHint = "a newer LazyOC may read it; if there is none, tell those who run the registry";

    public static Outcome<T> Read<T>(ReadOnlySpan<byte> utf8, JsonTypeInfo<T> type, int maxBytes) => StrictJson.Read(utf8, type, new JsonLimits(maxBytes, MaxDepth)) is var outcome && outcome.TryGet(out _, out var problems)
        ? outcome
        : problems.Select(problem => problem with { Hint = NewerHint }).ToImmutableArray();

    /// <summary>Whether a text can be shown on one line; null, or why not.</summary>
    public static Problem? CheckText(string where, string? text, RegistryLimits limits)
    {
        if (text is null) return null;
        if (string.IsNullOrWhiteSpace(text)) return new Problem(where, "is empty");
        if (text.Length > limits.MaxTextChars) return new Problem(where, $"has {text.Length:N0} characters; at most {limits.MaxTextChars:N0} are allowed");
        return text.Any(char.IsControl) ? new Problem(where, "has a control character") : null;
    }
}
