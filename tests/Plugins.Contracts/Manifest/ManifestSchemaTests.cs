using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Xml.Linq;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Permissions;
using LazyOC.Plugins.Contracts.Schemas;
using LazyOC.Plugins.Contracts.Versions;

namespace LazyOC.Plugins.Contracts.Tests.Manifest;

/// <summary><c>schemas/plugin-v1.json</c> is written from the records; editors use it, the reader does not.</summary>
public sealed class ManifestSchemaTests
{
    private const string Id = "https://lazyoc.dev/schemas/plugin-v1.json";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public void Schema_Committed_IsWhatTheRecordsSay()
    {
        var path = Path.Combine(Root(), "schemas", "plugin-v1.json");
        var schema = Generate().ToJsonString(Indented) + "\n";
        if (Environment.GetEnvironmentVariable("LAZYOC_UPDATE_GOLDENS") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, schema);
        }
        Assert.True(File.Exists(path), $"{path} is missing: run the tests with LAZYOC_UPDATE_GOLDENS=1");
        Assert.Equal(schema, File.ReadAllText(path), ignoreLineEndingDifferences: true);
    }

    [Theory]
    [InlineData("pod-health")]
    [InlineData("cluster-pulse")]
    public void Read_SamplePlugin_IsSound(string plugin)
    {
        var manifest = File.ReadAllBytes(Path.Combine(Root(), "plugins", plugin, "plugin.json"));
        Assert.True(ManifestReader.Read(manifest).TryGet(out _, out var problems), Problem.Join(problems));
    }

    private static JsonObject Generate()
    {
        var descriptions = Descriptions();
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
            : type == typeof(ConnectRule) ? ConnectSchema()
            : type == typeof(JsonSchema) ? new JsonObject { ["type"] = "object" }
            : node as JsonObject;
        if (schema is null) return node;
        var key = context.PropertyInfo is { } property
            ? $"P:{property.DeclaringType.FullName!.Replace('+', '.')}.{(property.AttributeProvider as System.Reflection.MemberInfo)?.Name}"
            : $"T:{type.FullName!.Replace('+', '.')}";
        if (descriptions.TryGetValue(key, out var description)) schema.Insert(0, "description", description);
        return schema;
    }

    private static JsonObject IdSchema() => new() { ["type"] = "string", ["pattern"] = "^[a-z][a-z0-9-]{1,38}\\.[a-z][a-z0-9-]{1,62}$" };

    private static JsonObject ConnectSchema()
    {
        var properties = new JsonObject();
        foreach (var name in (string[])["origin", "fromSetting", "credentials"]) properties[name] = new JsonObject { ["type"] = "string" };
        return new JsonObject
        {
            ["anyOf"] = new JsonArray(
                new JsonObject { ["type"] = "string" },
                new JsonObject { ["type"] = "object", ["properties"] = properties, ["additionalProperties"] = false }),
        };
    }

    /// <summary>The records' own documentation, which the compiler writes beside the assembly.</summary>
    private static Dictionary<string, string> Descriptions() =>
        XDocument.Load(Path.ChangeExtension(typeof(PluginManifest).Assembly.Location, ".xml")).Descendants("member")
            .Where(m => m.Element("summary") is not null)
            .ToDictionary(m => m.Attribute("name")!.Value, m => Text(m.Element("summary")!));

    private static string Text(XElement summary)
    {
        foreach (var see in summary.Descendants("see").ToArray()) see.ReplaceWith(see.Attribute("cref")?.Value.Split('.')[^1] ?? "");
        return string.Join(' ', summary.Value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    private static string Root()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory!.FullName, "LazyOC.slnx"))) directory = directory.Parent;
        return directory.FullName;
    }
}
