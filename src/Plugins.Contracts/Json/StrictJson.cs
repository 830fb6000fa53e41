using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace LazyOC.Plugins.Contracts.Json;

/// <summary>Bounds of a JSON document from outside.</summary>
/// <param name="MaxBytes">Size of the document.</param>
/// <param name="MaxDepth">Nesting of objects and arrays.</param>
/// <param name="MaxProblems">How many problems are listed.</param>
public sealed record JsonLimits(int MaxBytes = 1 << 20, int MaxDepth = 64, int MaxProblems = 20)
{
    public static JsonLimits Default { get; } = new();
}

/// <summary>The one reader of JSON documents that may be hostile: manifests, host calls, guests' answers, views.</summary>
/// <remarks>
/// Thread safe. A good document is read in one pass. Unknown keys, duplicate keys, nulls where none belong (never as an
/// element of an array of objects or strings) and trailing content are refused; only then is the document walked again to say where, what was expected and which key was meant.
/// </remarks>
public static class StrictJson
{
    /// <summary>Reads a document of a source-generated type.</summary>
    /// <param name="utf8">The whole document.</param>
    /// <param name="type">From a context such as <see cref="ContractJson"/>, which refuses unknown members and duplicates.</param>
    /// <param name="limits"><see cref="JsonLimits.Default"/> when null.</param>
    public static Outcome<T> Read<T>(ReadOnlySpan<byte> utf8, JsonTypeInfo<T> type, JsonLimits? limits = null)
    {
        limits ??= JsonLimits.Default;
        if (utf8.Length > limits.MaxBytes)
            return new Problem("", $"the document has {utf8.Length:N0} bytes; at most {limits.MaxBytes:N0} are allowed");
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = limits.MaxDepth });
        try
        {
            var value = JsonSerializer.Deserialize(ref reader, type);
            if (value is null) return new Problem("", "the document is `null`");
            if (reader.BytesConsumed != utf8.Length && reader.Read()) return new Problem("", "the document goes on after its end");
            // The serializer lets null into arrays of references; only a document that has the word needs a second look.
            return utf8.IndexOf("null"u8) >= 0 && Walk(utf8, type, limits) is { IsEmpty: false } problems ? problems : value;
        }
        catch (JsonException e)
        {
            return Explain(utf8, type, limits, e.Path);
        }
        catch (NotSupportedException)
        {
            // The serializer's answer to a missing type discriminator.
            return Explain(utf8, type, limits, null);
        }
    }

    private static ImmutableArray<Problem> Explain(ReadOnlySpan<byte> utf8, JsonTypeInfo type, JsonLimits limits, string? failurePath)
    {
        try
        {
            return Walk(utf8, type, limits) is { IsEmpty: false } problems
                ? problems
                : [new Problem(JsonExplanation.FromJsonPath(failurePath), "does not have the expected form")];
        }
        catch (JsonException e)
        {
            return [SyntaxProblem(e)];
        }
    }

    private static ImmutableArray<Problem> Walk(ReadOnlySpan<byte> utf8, JsonTypeInfo type, JsonLimits limits)
    {
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = limits.MaxDepth });
        using var document = JsonDocument.ParseValue(ref reader);
        if (reader.BytesConsumed != utf8.Length) reader.Read();
        var explanation = new JsonExplanation(limits.MaxProblems);
        try
        {
            explanation.Walk(document.RootElement, type, "");
        }
        catch (InvalidOperationException)
        {
            // JsonElement's answer to text that no string can hold: invalid UTF-8, or half of a surrogate pair.
            return [new Problem("", "the document has text that is not valid Unicode")];
        }
        return explanation.Problems;
    }

    private static Problem SyntaxProblem(JsonException e)
    {
        var reason = e.Message.Split(" LineNumber:", 2)[0].TrimEnd('.');
        return new Problem("", string.Create(null, $"the document is not JSON at line {(e.LineNumber ?? 0) + 1}, byte {(e.BytePositionInLine ?? 0) + 1}: {reason}"));
    }
}
