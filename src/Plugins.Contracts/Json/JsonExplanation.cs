using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;

namespace LazyOC.Plugins.Contracts.Json;

/// <summary>Walks a refused document beside the metadata of its type and collects what is wrong, in document order.</summary>
internal sealed class JsonExplanation(int maxProblems)
{
    private readonly List<Problem> _problems = [];

    public ImmutableArray<Problem> Problems => [.. _problems];

    public void Walk(JsonElement element, JsonTypeInfo type, string path)
    {
        if (_problems.Count >= maxProblems) return;
        if (type.PolymorphismOptions is { } polymorphism)
        {
            if (Derived(element, type, polymorphism, path) is { } derived) WalkObject(element, derived, path, polymorphism.TypeDiscriminatorPropertyName);
            return;
        }
        switch (type.Kind)
        {
            case JsonTypeInfoKind.Object:
                WalkObject(element, type, path, null);
                break;
            case JsonTypeInfoKind.Enumerable:
                if (!Is(element, JsonValueKind.Array, "an array", path)) return;
                var index = 0;
                foreach (var item in element.EnumerateArray()) WalkElement(item, type, $"{path}[{index++}]");
                break;
            case JsonTypeInfoKind.Dictionary:
                if (!Is(element, JsonValueKind.Object, "an object", path)) return;
                Duplicates(element, path);
                foreach (var member in element.EnumerateObject()) WalkElement(member.Value, type, Join(path, member.Name));
                break;
            default:
                WalkValue(element, type, path);
                break;
        }
    }

    private void WalkElement(JsonElement element, JsonTypeInfo owner, string path)
    {
        var nullable = Nullable.GetUnderlyingType(owner.ElementType!);
        if (element.ValueKind != JsonValueKind.Null) Walk(element, Info(owner, nullable ?? owner.ElementType!), path);
        else if (!owner.ElementType!.IsValueType) Add(path, "is null", "leave the entry out");
        else if (nullable is null) Walk(element, Info(owner, owner.ElementType), path);
    }

    private void WalkObject(JsonElement element, JsonTypeInfo type, string path, string? discriminator)
    {
        if (!Is(element, JsonValueKind.Object, "an object", path)) return;
        Duplicates(element, path);
        foreach (var member in element.EnumerateObject())
        {
            if (member.Name == discriminator) continue;
            if (Find(type, member.Name) is not { } property)
            {
                var known = type.Properties.Select(p => p.Name);
                Add(Join(path, member.Name), "is not a known key", NearestName.Of(member.Name, known) is { } near ? $"did you mean `{near}`?" : $"known keys are {List(known)}");
            }
            else if (member.Value.ValueKind != JsonValueKind.Null) Walk(member.Value, Info(type, property.PropertyType), Join(path, member.Name));
            // Any JSON is null too.
            else if (!property.IsSetNullable && property.PropertyType != typeof(JsonElement)) Add(Join(path, member.Name), "is null", property.IsRequired ? "give it a value" : "leave the key out");
        }
        foreach (var property in type.Properties)
            if (property.IsRequired && !element.TryGetProperty(property.Name, out _)) Add(Join(path, property.Name), "is missing");
    }

    private JsonTypeInfo? Derived(JsonElement element, JsonTypeInfo type, JsonPolymorphismOptions polymorphism, string path)
    {
        if (!Is(element, JsonValueKind.Object, "an object", path)) return null;
        var key = polymorphism.TypeDiscriminatorPropertyName;
        var names = polymorphism.DerivedTypes.Select(d => (string)d.TypeDiscriminator!);
        if (!element.TryGetProperty(key, out var discriminator))
        {
            Add(Join(path, key), "is missing", $"it is one of {List(names)}");
            return null;
        }
        var name = discriminator.ValueKind == JsonValueKind.String ? discriminator.GetString()! : "";
        foreach (var derived in polymorphism.DerivedTypes)
            if ((string)derived.TypeDiscriminator! == name) return Info(type, derived.DerivedType);
        Add(Join(path, key), $"is {Show(discriminator)}; expected one of {List(names)}", NearestName.Of(name, names) is { } near ? $"did you mean `{near}`?" : null);
        return null;
    }

    private void WalkValue(JsonElement element, JsonTypeInfo type, string path)
    {
        try
        {
            element.Deserialize(type);
        }
        catch (JsonException e)
        {
            var schema = JsonSchemaExporter.GetJsonSchemaAsNode(type.Options, type.Type) as JsonObject;
            if (schema?["enum"] is JsonArray allowed)
            {
                var names = allowed.Where(n => n is not null).Select(n => n!.GetValue<string>()).ToArray();
                var near = element.ValueKind == JsonValueKind.String ? NearestName.Of(element.GetString()!, names) : null;
                Add(path, $"is {Show(element)}; expected one of {List(names)}", near is null ? null : $"did you mean `{near}`?");
            }
            // A converter of ours says what it expects; the serializer's own text names .NET types.
            else Add(path, $"is {Show(element)}; {(e.Message.StartsWith("expected ", StringComparison.Ordinal) ? e.Message : "expected " + Describe(type.Type))}");
        }
    }

    private static string Describe(Type type) => Type.GetTypeCode(Nullable.GetUnderlyingType(type) ?? type) switch
    {
        TypeCode.String => "a string",
        TypeCode.Boolean => "true or false",
        TypeCode.Int32 => "a whole number of 32 bits",
        TypeCode.Int64 => "a whole number of 64 bits",
        TypeCode.Double => "a number",
        _ => type == typeof(DateTimeOffset) ? "a time such as `2025-01-31T12:00:00Z`" : "another value",
    };

    private void Duplicates(JsonElement element, string path)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in element.EnumerateObject())
            if (!seen.Add(member.Name)) Add(Join(path, member.Name), "is there twice", "keep one of them");
    }

    private bool Is(JsonElement element, JsonValueKind kind, string expected, string path)
    {
        if (element.ValueKind == kind) return true;
        Add(path, $"is {Show(element)}; expected {expected}");
        return false;
    }

    private void Add(string path, string message, string? hint = null)
    {
        if (_problems.Count < maxProblems) _problems.Add(new Problem(path, path.Length == 0 ? "the document " + message : message, hint));
    }

    private static JsonPropertyInfo? Find(JsonTypeInfo type, string name)
    {
        foreach (var property in type.Properties)
            if (property.Name == name) return property;
        return null;
    }

    private static JsonTypeInfo Info(JsonTypeInfo owner, Type type) => owner.Options.GetTypeInfo(type);

    internal static string Join(string path, string key) => path.Length == 0 ? Clip(key) : $"{path}.{Clip(key)}";

    internal static string List(IEnumerable<string> names) => string.Join(", ", names.Select(n => $"`{n}`"));

    internal static string Show(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => $"`{Clip(element.GetString()!)}`",
        _ => $"`{Clip(element.GetRawText())}`",
    };

    /// <summary>Text of the document is shown to a person: short, on one line, and without control characters.</summary>
    private static string Clip(string text)
    {
        const int max = 60;
        var shown = text.Length <= max ? text : string.Concat(text.AsSpan(0, max), "…");
        return string.Create(shown.Length, shown, static (span, s) =>
        {
            for (var i = 0; i < s.Length; i++) span[i] = char.IsControl(s[i]) || char.IsSurrogate(s[i]) || char.GetUnicodeCategory(s[i]) == System.Globalization.UnicodeCategory.Format ? '\uFFFD' : s[i];
        });
    }

    /// <summary>Turns the serializer's <c>$.a.b</c> into <c>a.b</c>.</summary>
    public static string FromJsonPath(string? path) => path is null or "$" ? "" : path.StartsWith("$.", StringComparison.Ordinal) ? path[2..] : path;
}
