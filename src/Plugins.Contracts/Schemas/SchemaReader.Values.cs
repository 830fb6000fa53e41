using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using LazyOC.Plugins.Contracts.Json;

namespace LazyOC.Plugins.Contracts.Schemas;

/// <content>The values of the keywords.</content>
internal sealed partial class SchemaReader
{
    private ImmutableArray<string> ReadTypes(JsonElement value, string at)
    {
        if (value.ValueKind == JsonValueKind.String) return ReadType(value, at) is { } one ? [one] : [];
        if (!Is(value, JsonValueKind.Array, "a type or an array of types", at)) return [];
        if (value.GetArrayLength() == 0) Add(at, "is empty");
        var types = ImmutableArray.CreateBuilder<string>();
        foreach (var item in value.EnumerateArray())
        {
            if (ReadType(item, $"{at}[{types.Count}]") is not { } type) return [];
            if (types.Contains(type)) Add($"{at}[{types.Count}]", $"is `{type}`, which is there twice");
            types.Add(type);
        }
        return types.DrainToImmutable();
    }

    private string? ReadType(JsonElement value, string at)
    {
        var type = value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
        if (TypeNames.Contains(type)) return type;
        Add(at, $"is {JsonExplanation.Show(value)}; expected one of {JsonExplanation.List(TypeNames)}", NearestName.Of(type, TypeNames) is { } near ? $"did you mean `{near}`?" : null);
        return null;
    }

    private SchemaNode ReadEnum(SchemaNode node, JsonElement value, string at)
    {
        if (!Is(value, JsonValueKind.Array, "an array of values", at) || !NotTooMany(value, at)) return node;
        if (value.GetArrayLength() == 0) Add(at, "is empty");
        return node with
        {
            Enum = [.. value.EnumerateArray().Select(item => item.Clone())],
            Allowed = Both(node.Allowed, [.. value.EnumerateArray().Select(Identity)]),
        };
    }

    /// <summary><c>const</c> and <c>enum</c> both hold when both are there.</summary>
    private static FrozenSet<string> Both(FrozenSet<string>? before, ImmutableArray<string> allowed) =>
        (before is null ? allowed : allowed.Where(before.Contains)).ToFrozenSet(StringComparer.Ordinal);

    private string Identity(JsonElement value) => JsonIdentity.Of(value, limits.MaxNumberDigits);

    private ImmutableArray<string> ReadNames(JsonElement value, string at)
    {
        if (!Is(value, JsonValueKind.Array, "an array of names", at) || !NotTooMany(value, at)) return [];
        var names = ImmutableArray.CreateBuilder<string>();
        foreach (var item in value.EnumerateArray())
        {
            if (!Is(item, JsonValueKind.String, "a name", $"{at}[{names.Count}]")) return [];
            if (names.Contains(item.GetString()!)) Add($"{at}[{names.Count}]", $"is `{item.GetString()}`, which is there twice");
            names.Add(item.GetString()!);
        }
        return names.DrainToImmutable();
    }

    private int? ReadCount(JsonElement value, string at)
    {
        if (value.ValueKind == JsonValueKind.Number && ExactNumber.TryParse(value.GetRawText(), limits.MaxNumberDigits, out var number) && number.TryCount(out var count)) return count;
        Add(at, $"is {JsonExplanation.Show(value)}; expected a whole number, 0 or more");
        return null;
    }

    private SchemaNode.Bound? ReadNumber(JsonElement value, string at)
    {
        if (value.ValueKind == JsonValueKind.Number && ExactNumber.TryParse(value.GetRawText(), limits.MaxNumberDigits, out var number)) return new(value.GetRawText(), number);
        Add(at, $"is {JsonExplanation.Show(value)}; expected a number of at most {limits.MaxNumberDigits} digits");
        return null;
    }

    private SchemaNode.Bound? ReadDivisor(JsonElement value, string at)
    {
        var number = ReadNumber(value, at);
        if (number is not { Value.Digits.Sign: <= 0 }) return number;
        Add(at, $"is `{number}`; expected a number above 0");
        return null;
    }

    private bool ReadFlag(JsonElement value, string at)
    {
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False) return value.GetBoolean();
        Add(at, $"is {JsonExplanation.Show(value)}; expected true or false");
        return false;
    }

    private SchemaNode ReadPattern(SchemaNode node, JsonElement value, string at)
    {
        if (!Is(value, JsonValueKind.String, "a regular expression", at)) return node;
        var pattern = value.GetString()!;
        if (pattern.Length > limits.MaxPatternLength) Add(at, $"has {pattern.Length} characters; at most {limits.MaxPatternLength} are allowed");
        else if (SchemaPattern.TryRead(pattern, limits) is { } regex) return node with { Pattern = regex, PatternText = pattern };
        else Add(at, "is not a regular expression that is taken here", "look-around, back-references and very large repetitions are not");
        return node;
    }

    private string? ReadFormat(JsonElement value, string at)
    {
        if (!Is(value, JsonValueKind.String, "the name of a format", at)) return null;
        var format = value.GetString()!;
        if (SchemaFormat.All.ContainsKey(format)) return format;
        var names = SchemaFormat.All.Keys.Order(StringComparer.Ordinal).ToArray();
        Add(at, $"is {JsonExplanation.Show(value)}; expected one of {JsonExplanation.List(names)}", NearestName.Of(format, names) is { } near ? $"did you mean `{near}`?" : null);
        return null;
    }

    private string? ReadReference(JsonElement value, string at)
    {
        if (!Is(value, JsonValueKind.String, "a reference such as `#/$defs/name`", at)) return null;
        var reference = value.GetString()!;
        if (!reference.StartsWith(ReferencePrefix, StringComparison.Ordinal) || reference.IndexOf('/', ReferencePrefix.Length) >= 0)
        {
            Add(at, $"is {JsonExplanation.Show(value)}; expected a definition of this document, `#/$defs/name`", reference.StartsWith('#') ? null : "nothing is fetched: copy the definition into `$defs`");
            return null;
        }
        // RFC 6901, section 6: a pointer in a fragment is percent-encoded, and has its own escapes below that.
        var name = Uri.UnescapeDataString(reference[ReferencePrefix.Length..]).Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
        _references.Add((name, at));
        return name;
    }

    private string? ReadText(JsonElement value, string at)
    {
        if (!Is(value, JsonValueKind.String, "a string", at)) return null;
        var text = value.GetString()!;
        if (text.Length > limits.MaxTextLength) Add(at, $"has {text.Length} characters; at most {limits.MaxTextLength} are allowed");
        if (text.Any(c => char.IsControl(c) && c != '\n')) Add(at, "has control characters");
        return text;
    }
}
