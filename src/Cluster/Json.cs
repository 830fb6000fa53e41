using System.Text.Json;

namespace LazyOC.Cluster;

/// <summary>Reading JSON whose shape nobody promised: a missing member and one of the wrong type are the same, nothing.</summary>
internal static class Json
{
    public static JsonElement? At(this JsonElement element, string name) =>
        element.ValueKind is JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind is not JsonValueKind.Null ? value : null;

    public static JsonElement? At(this JsonElement element, string first, string second) => element.At(first)?.At(second);

    public static JsonElement? At(this JsonElement element, string first, string second, string third) => element.At(first)?.At(second)?.At(third);

    public static string? Text(this JsonElement element, string name) => element.At(name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    public static string? Text(this JsonElement element, string first, string second) => element.At(first)?.Text(second);

    public static long? Number(this JsonElement element, string name) => element.At(name) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var value) ? value : null;

    public static long? Number(this JsonElement element, string first, string second) => element.At(first)?.Number(second);

    public static bool Flag(this JsonElement element, string name) => element.At(name) is { ValueKind: JsonValueKind.True };

    /// <summary>The items of an array; nothing when there is none.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement element, string name) =>
        element.At(name) is { ValueKind: JsonValueKind.Array } array ? array.EnumerateArray() : Enumerable.Empty<JsonElement>();

    public static IEnumerable<JsonElement> Items(this JsonElement element, string first, string second) => element.At(first)?.Items(second) ?? [];

    /// <summary>The members of an object; nothing when there is none.</summary>
    public static IEnumerable<JsonProperty> Members(this JsonElement element, string name) =>
        element.At(name) is { ValueKind: JsonValueKind.Object } map ? map.EnumerateObject() : Enumerable.Empty<JsonProperty>();

    public static IEnumerable<string> Texts(this JsonElement element, string name) =>
        element.Items(name).Where(item => item.ValueKind is JsonValueKind.String).Select(item => item.GetString()!);
}
