using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Xml.Linq;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Permissions;
using LazyOC.Plugins.Contracts.Schemas;
using LazyOC.Plugins.Contracts.Versions;

namespace LazyOC.Plugins.Contracts.Tests.Manifest;

/// <summary>The JSON Schema of the manifest, written from the records and their documentation.</summary>
internal static class ManifestSchema
{
    private const string Id = "https://lazyoc.dev/schemas/plugin-v1.json";

    /// <param name="asMarkdown">Whether what the descriptions quote stands in backticks, for a page; editors show descriptions as they are.</param>
    public static JsonObject Generate(bool asMarkdown = false)
    {
        var descriptions = Descriptions(asMarkdown);
        var schema = JsonSchemaExporter.GetJsonSchemaAsNode(ContractJson.Default.PluginManifest, new JsonSchemaExporterOptions
        {
            TreatNullObliviousAsNonNullable = true,
            TransformSchemaNode = (context, node) => Enrich(context, node, descriptions),
        }).AsObject();
        schema.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.Insert(1, "$id", Id);
        schema.Insert(2, "title", "LazyOC plugin manifest");
        return schema;
    }

    private static JsonNode Enrich(JsonSchemaExporterContext context, JsonNode node, Dictionary<string, string> descriptions)
    {
        var type = context.TypeInfo.Type;
        // Types with converters of ours export as `true`.
        var schema = type == typeof(PluginId) ? IdSchema()
            : type == typeof(ImmutableSortedDictionary<PluginId, VersionRange>) ? new JsonObject { ["type"] = "object", ["propertyNames"] = IdSchema(), ["additionalProperties"] = new JsonObject { ["type"] = "string" } }
            : type == typeof(SemanticVersion) || type == typeof(VersionRange) || type == typeof(When) || type == typeof(OriginPattern) ? new JsonObject { ["type"] = "string" }
            : type == typeof(ConnectRule) ? ConnectSchema(descriptions)
            : type == typeof(ImmutableArray<ConnectRule>) ? new JsonObject { ["type"] = "array", ["items"] = ConnectSchema(descriptions) }
            : type == typeof(JsonSchema) ? new JsonObject { ["type"] = "object" }
            : type == typeof(JsonElement?) ? new JsonObject { ["type"] = new JsonArray("string", "number", "boolean", "null") }
            : node as JsonObject;
        if (schema is null) return node;
        var key = context.PropertyInfo is { } property
            ? $"P:{property.DeclaringType.FullName!.Replace('+', '.')}.{(property.AttributeProvider as System.Reflection.MemberInfo)?.Name}"
            : $"T:{type.FullName!.Replace('+', '.')}";
        if (descriptions.TryGetValue(key, out var description)) schema.Insert(0, "description", description);
        return schema;
    }

    private static JsonObject IdSchema() => new() { ["type"] = "string", ["pattern"] = "^[a-z][a-z0-9-]{1,38}\\.[a-z][a-z0-9-]{1,62}$" };

    private static JsonObject ConnectSchema(Dictionary<string, string> descriptions)
    {
        var properties = new JsonObject();
        foreach (var name in (string[])[nameof(ConnectRule.Origin), nameof(ConnectRule.FromSetting), nameof(ConnectRule.Credentials)])
            properties[JsonNamingPolicy.CamelCase.ConvertName(name)] = new JsonObject { ["description"] = descriptions[$"P:{typeof(ConnectRule).FullName}.{name}"], ["type"] = "string" };
        return new JsonObject
        {
            ["anyOf"] = new JsonArray(
                new JsonObject { ["type"] = "string" },
                new JsonObject { ["type"] = "object", ["properties"] = properties, ["additionalProperties"] = false }),
        };
    }

    /// <summary>The records' own documentation, which the compiler writes beside the assembly.</summary>
    private static Dictionary<string, string> Descriptions(bool asMarkdown) =>
        XDocument.Load(Path.ChangeExtension(typeof(PluginManifest).Assembly.Location, ".xml")).Descendants("member")
            .Where(m => m.Element("summary") is not null)
            .ToDictionary(m => m.Attribute("name")!.Value, m => Text(m.Element("summary")!, asMarkdown ? "`" : ""));

    private static string Text(XElement summary, string quote)
    {
        foreach (var see in summary.Descendants("see").ToArray()) see.ReplaceWith(quote + NameOf(see.Attribute("cref")?.Value ?? "") + quote);
        if (quote.Length > 0)
            foreach (var code in summary.Descendants("c").ToArray()) code.ReplaceWith(quote + code.Value + quote);
        return string.Join(' ', summary.Value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>As the manifest writes what the documentation refers to: a key, or a value.</summary>
    private static string NameOf(string reference)
    {
        var name = reference.Split('.')[^1];
        return reference[..2] is "P:" or "F:" ? JsonNamingPolicy.CamelCase.ConvertName(name) : name;
    }
}
