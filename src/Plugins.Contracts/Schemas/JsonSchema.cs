using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace LazyOC.Plugins.Contracts.Schemas;

/// <summary>
/// A JSON Schema that a plugin declares: the part of draft 2020-12 that settings and services need. Keywords that are not
/// known are a problem of the schema, never ignored; formats are checked; references stay in the document.
/// </summary>
/// <remarks>
/// Immutable and thread safe. A schema with <see cref="Problems"/> accepts nothing. Source:
/// https://json-schema.org/draft/2020-12/json-schema-validation
/// </remarks>
[JsonConverter(typeof(Converter))]
public sealed class JsonSchema
{
    private readonly SchemaLimits _limits;

    private JsonSchema(JsonElement source, SchemaNode root, FrozenDictionary<string, SchemaNode> definitions, ImmutableArray<Problem> problems, SchemaLimits limits) =>
        (Source, Root, Definitions, Problems, _limits) = (source, root, definitions, problems, limits);

    /// <summary>The document as its author wrote it.</summary>
    public JsonElement Source { get; }

    /// <summary>What is wrong with the schema itself, each with its path in it; empty for a sound one.</summary>
    public ImmutableArray<Problem> Problems { get; }

    internal SchemaNode Root { get; }

    internal FrozenDictionary<string, SchemaNode> Definitions { get; }

    /// <summary>Every schema of the document, definitions included.</summary>
    internal IEnumerable<SchemaNode> Nodes
    {
        get
        {
            var waiting = new Stack<SchemaNode>(Definitions.Values.Append(Root));
            while (waiting.TryPop(out var node))
            {
                yield return node;
                foreach (var child in node.Children) waiting.Push(child);
            }
        }
    }

    /// <summary>Reads a schema; what is wrong with it is in <see cref="Problems"/>.</summary>
    /// <param name="document">The schema: an object, <c>true</c> or <c>false</c>.</param>
    /// <param name="limits"><see cref="SchemaLimits.Default"/> when null.</param>
    public static JsonSchema Read(JsonElement document, SchemaLimits? limits = null)
    {
        limits ??= SchemaLimits.Default;
        var reader = new SchemaReader(limits);
        var root = reader.ReadDocument(document, out var definitions);
        var schema = new JsonSchema(document.Clone(), root, definitions, reader.Problems, limits);
        return schema.Problems.IsEmpty ? new JsonSchema(schema.Source, root, definitions, SchemaDefaults.Check(schema, limits), limits) : schema;
    }

    /// <summary>Holds a value to the schema.</summary>
    /// <param name="value">Any JSON.</param>
    /// <param name="showValues">Whether problems may repeat what they are about; never for a secret.</param>
    /// <returns>Empty when it is accepted; else what is wrong, each with its path in the value and what was expected.</returns>
    public ImmutableArray<Problem> Check(JsonElement value, bool showValues = true) =>
        Problems.IsEmpty ? new SchemaCheck(this, _limits, showValues).Run(value, Root) : [new Problem("", "cannot be checked: its schema is not sound")];

    internal ImmutableArray<Problem> Check(JsonElement value, SchemaNode node, bool showValues) => new SchemaCheck(this, _limits, showValues).Run(value, node);

    /// <summary>As the schema's document; public for the JSON contexts of other rooms.</summary>
    public sealed class Converter : JsonConverter<JsonSchema>
    {
        public override JsonSchema Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            using var document = JsonDocument.ParseValue(ref reader);
            return JsonSchema.Read(document.RootElement);
        }

        public override void Write(Utf8JsonWriter writer, JsonSchema value, JsonSerializerOptions options) => value.Source.WriteTo(writer);
    }
}
