using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using LazyOC.Plugins.Contracts.Json;

namespace LazyOC.Plugins.Contracts.Schemas;

/// <summary>Reads a schema's document and collects everything that is wrong with it. For one document.</summary>
internal sealed partial class SchemaReader(SchemaLimits limits)
{
    private const string Draft = "https://json-schema.org/draft/2020-12/schema";
    private const string ReferencePrefix = "#/$defs/";

    private static readonly ImmutableArray<string> Keywords =
    [
        "$comment", "$defs", "$ref", "$schema", "additionalProperties", "allOf", "anyOf", "const", "default", "description", "enum", "examples",
        "exclusiveMaximum", "exclusiveMinimum", "format", "items", "maxItems", "maxLength", "maximum", "minItems", "minLength", "minimum", "multipleOf",
        "not", "oneOf", "pattern", "prefixItems", "properties", "required", "title", "type", "uniqueItems",
    ];

    private static readonly ImmutableArray<string> TypeNames = ["array", "boolean", "integer", "null", "number", "object", "string"];

    private readonly List<Problem> _problems = [];
    private readonly List<(string Name, string Path)> _references = [];
    private int _nodes;
    private bool _isTooLarge;

    public ImmutableArray<Problem> Problems => [.. _problems.Take(limits.MaxProblems)];

    /// <summary>Reads the whole document; what comes of one with problems is not to be used.</summary>
    public SchemaNode ReadDocument(JsonElement document, out FrozenDictionary<string, SchemaNode> definitions)
    {
        try
        {
            var root = ReadNode(document, "", 0);
            definitions = ReadDefinitions(document).ToFrozenDictionary(StringComparer.Ordinal);
            foreach (var (name, path) in _references)
                if (!definitions.ContainsKey(name)) Add(path, $"names `{name}`, which is not in `$defs`", NearestName.Of(name, definitions.Keys) is { } near ? $"did you mean `{near}`?" : null);
            if (_problems.Count == 0) RefuseEndless(definitions);
            return root;
        }
        catch (InvalidOperationException)
        {
            // JsonElement's answer to text that no string can hold: half of a surrogate pair.
            definitions = FrozenDictionary<string, SchemaNode>.Empty;
            Add("", "has text that is not valid Unicode");
            return SchemaNode.Anything;
        }
    }

    private Dictionary<string, SchemaNode> ReadDefinitions(JsonElement document)
    {
        var read = new Dictionary<string, SchemaNode>(StringComparer.Ordinal);
        if (document.ValueKind != JsonValueKind.Object || !document.TryGetProperty("$defs", out var found)) return read;
        if (!Is(found, JsonValueKind.Object, "an object from name to schema", "$defs")) return read;
        foreach (var member in found.EnumerateObject()) read[member.Name] = ReadNode(member.Value, JsonExplanation.Join("$defs", member.Name), 1);
        return read;
    }

    /// <summary>A schema that refers to itself for the very same value would be checked for ever.</summary>
    private void RefuseEndless(FrozenDictionary<string, SchemaNode> definitions)
    {
        var done = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in definitions.Keys.Order(StringComparer.Ordinal))
            if (ReturnsTo(name, definitions, [], done) is { } cycle)
            {
                Add(JsonExplanation.Join("$defs", name), $"refers to itself without going deeper into the value: {string.Join(" → ", cycle)}");
                return;
            }
    }

    private static IEnumerable<string>? ReturnsTo(string name, FrozenDictionary<string, SchemaNode> definitions, ImmutableList<string> way, HashSet<string> done)
    {
        if (way.Contains(name)) return way.Add(name);
        if (!done.Add(name)) return null;
        foreach (var next in ReferencesInPlace(definitions[name]))
            if (ReturnsTo(next, definitions, way.Add(name), done) is { } cycle) return cycle;
        return null;
    }

    private static IEnumerable<string> ReferencesInPlace(SchemaNode node) =>
        (node.Reference is { } own ? [own] : Array.Empty<string>()).Concat(node.InPlace.SelectMany(ReferencesInPlace));

    private SchemaNode ReadNode(JsonElement element, string path, int depth)
    {
        if (element.ValueKind == JsonValueKind.True) return SchemaNode.Anything;
        if (element.ValueKind == JsonValueKind.False) return new SchemaNode { IsNothing = true };
        if (!Is(element, JsonValueKind.Object, "a schema: an object, `true` or `false`", path) || !MayGoOn(path, depth)) return SchemaNode.Anything;
        var node = new SchemaNode();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in element.EnumerateObject())
        {
            var at = JsonExplanation.Join(path, member.Name);
            if (!seen.Add(member.Name)) Add(at, "is there twice", "keep one of them");
            else node = ReadKeyword(node, member.Name, member.Value, at, path, depth);
        }
        return node;
    }

    private bool MayGoOn(string path, int depth)
    {
        if (depth >= limits.MaxDepth) Add(path, $"is nested deeper than {limits.MaxDepth} schemas");
        else if (++_nodes <= limits.MaxNodes) return true;
        else if (!_isTooLarge)
        {
            _isTooLarge = true;
            Add(path, $"is one schema more than the {limits.MaxNodes} that are read");
        }
        return false;
    }

    private SchemaNode ReadKeyword(SchemaNode node, string keyword, JsonElement value, string at, string path, int depth) => keyword switch
    {
        "type" => node with { Types = ReadTypes(value, at) },
        "enum" => ReadEnum(node, value, at),
        "const" => node with { Enum = node.Enum.IsEmpty ? [value.Clone()] : node.Enum, Allowed = Both(node.Allowed, [Identity(value)]) },
        "properties" => node with { Properties = ReadProperties(value, at, depth) },
        "required" => node with { Required = ReadNames(value, at) },
        "additionalProperties" => node with { AdditionalProperties = ReadNode(value, at, depth + 1) },
        "items" => node with { Items = ReadNode(value, at, depth + 1) },
        "prefixItems" => node with { PrefixItems = ReadNodes(value, at, depth) },
        "minItems" => node with { MinItems = ReadCount(value, at) },
        "maxItems" => node with { MaxItems = ReadCount(value, at) },
        "uniqueItems" => node with { UniqueItems = ReadFlag(value, at) },
        "minimum" => node with { Minimum = ReadNumber(value, at) },
        "maximum" => node with { Maximum = ReadNumber(value, at) },
        "exclusiveMinimum" => node with { ExclusiveMinimum = ReadNumber(value, at) },
        "exclusiveMaximum" => node with { ExclusiveMaximum = ReadNumber(value, at) },
        "multipleOf" => node with { MultipleOf = ReadDivisor(value, at) },
        "minLength" => node with { MinLength = ReadCount(value, at) },
        "maxLength" => node with { MaxLength = ReadCount(value, at) },
        "pattern" => ReadPattern(node, value, at),
        "format" => node with { Format = ReadFormat(value, at) },
        "allOf" => node with { AllOf = ReadAlternatives(value, at, depth) },
        "anyOf" => node with { AnyOf = ReadAlternatives(value, at, depth) },
        "oneOf" => node with { OneOf = ReadAlternatives(value, at, depth) },
        "not" => node with { Not = ReadNode(value, at, depth + 1) },
        "$ref" => node with { Reference = ReadReference(value, at) },
        "default" => node with { Default = value.Clone() },
        "title" => node with { Title = ReadText(value, at) },
        "description" => node with { Description = ReadText(value, at) },
        _ => ReadOther(node, keyword, value, at, path),
    };

    private SchemaNode ReadOther(SchemaNode node, string keyword, JsonElement value, string at, string path)
    {
        switch (keyword)
        {
            case "$defs":
                if (path.Length > 0) Add(at, "is not read here", "definitions stand at the root of the document");
                break;
            case "$schema":
                if (value.ValueKind != JsonValueKind.String || value.GetString() != Draft) Add(at, $"is {JsonExplanation.Show(value)}; expected `{Draft}`");
                break;
            case "$comment":
                Is(value, JsonValueKind.String, "a string", at);
                break;
            case "examples":
                if (Is(value, JsonValueKind.Array, "an array", at)) NotTooMany(value, at);
                break;
            default:
                var near = NearestName.Of(keyword, Keywords);
                Add(at, "is not a keyword that is known here", near is null ? $"known keywords are {JsonExplanation.List(Keywords)}" : $"did you mean `{near}`?");
                break;
        }
        return node;
    }

    private ImmutableArray<KeyValuePair<string, SchemaNode>> ReadProperties(JsonElement value, string at, int depth)
    {
        if (!Is(value, JsonValueKind.Object, "an object from name to schema", at)) return [];
        var properties = ImmutableArray.CreateBuilder<KeyValuePair<string, SchemaNode>>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in value.EnumerateObject())
        {
            var path = JsonExplanation.Join(at, member.Name);
            if (!seen.Add(member.Name)) Add(path, "is there twice", "keep one of them");
            else if (member.Name.Length > limits.MaxTextLength) Add(path, $"has a name of {member.Name.Length} characters; at most {limits.MaxTextLength} are allowed");
            else properties.Add(new(member.Name, ReadNode(member.Value, path, depth + 1)));
        }
        return properties.DrainToImmutable();
    }

    private ImmutableArray<SchemaNode> ReadAlternatives(JsonElement value, string at, int depth)
    {
        var nodes = ReadNodes(value, at, depth);
        if (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 0) Add(at, "is empty");
        return nodes;
    }

    private ImmutableArray<SchemaNode> ReadNodes(JsonElement value, string at, int depth)
    {
        if (!Is(value, JsonValueKind.Array, "an array of schemas", at) || !NotTooMany(value, at)) return [];
        var nodes = ImmutableArray.CreateBuilder<SchemaNode>();
        foreach (var item in value.EnumerateArray()) nodes.Add(ReadNode(item, $"{at}[{nodes.Count}]", depth + 1));
        return nodes.DrainToImmutable();
    }

    private bool Is(JsonElement element, JsonValueKind kind, string expected, string path)
    {
        if (element.ValueKind == kind) return true;
        Add(path, $"is {JsonExplanation.Show(element)}; expected {expected}");
        return false;
    }

    private bool NotTooMany(JsonElement array, string at)
    {
        if (array.GetArrayLength() <= limits.MaxItems) return true;
        Add(at, $"has {array.GetArrayLength()} entries; at most {limits.MaxItems} are allowed");
        return false;
    }

    private void Add(string path, string message, string? hint = null) => _problems.Add(new Problem(path, path.Length == 0 ? Problem.WholeValue + message : message, hint));
}
