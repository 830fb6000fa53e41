using System.Reflection;
using System.Text.Json.Nodes;
using LazyOC.Cluster.Simulator.Patching;
using LazyOC.Cluster.Simulator.Resources;
using LazyOC.Cluster.Simulator.Storage;

namespace LazyOC.Cluster.Simulator.OpenApi;

/// <summary>
/// OpenAPI schemas of the served kinds. Those of the built-in kinds come from <c>schemas.txt</c>: a type per unindented
/// line (<c>Name: description</c>), a field per indented one (<c>name type description</c>; a type is a scalar, a type
/// of the file, <c>[]T</c> or <c>map</c>). A CRD brings its own.
/// </summary>
internal static class SchemaCatalog
{
    private const string Prefix = "io.lazyoc.simulator.";

    private static readonly Lazy<IReadOnlyDictionary<string, JsonObject>> Types = new(Read);

    public static string NameOf(ResourceDefinition resource) => $"{Prefix}{resource.Group.Replace('-', '_')}.{resource.Version}.{resource.Kind}";

    public static string Reference(string name) => "#/components/schemas/" + name;

    /// <summary>Adds a kind's schema, and the types it uses, to a document.</summary>
    public static void AddKind(JsonObject schemas, ResourceDefinition resource)
    {
        JsonObject schema = resource.Schema?.Clone() ?? (Types.Value.TryGetValue(resource.Kind, out JsonObject? known) ? known.Clone() : new JsonObject { ["type"] = "object", ["description"] = $"A {resource.Kind}." });
        JsonObject properties = schema.Ensure("properties");
        properties["apiVersion"] ??= new JsonObject { ["type"] = "string", ["description"] = "Group and version of this object's schema." };
        properties["kind"] ??= new JsonObject { ["type"] = "string", ["description"] = "Kind of this object." };
        properties["metadata"] = new JsonObject { ["description"] = "Identity, labels and ownership of this object.", ["allOf"] = new JsonArray(new JsonObject { ["$ref"] = Reference(Prefix + "ObjectMeta") }), ["default"] = new JsonObject() };
        schema["x-kubernetes-group-version-kind"] = new JsonArray(new JsonObject { ["group"] = resource.Group, ["version"] = resource.Version, ["kind"] = resource.Kind });
        schemas[NameOf(resource)] = schema;
        AddReferenced(schemas, schema);
    }

    private static void AddReferenced(JsonObject schemas, JsonNode? node)
    {
        if (node is JsonArray list)
        {
            foreach (JsonNode? item in list)
                AddReferenced(schemas, item);
        }
        else if (node is JsonObject fields)
        {
            if (fields.Text("$ref") is { } reference && reference.StartsWith(Reference(Prefix), StringComparison.Ordinal))
            {
                string name = reference[Reference(Prefix).Length..];
                if (!schemas.ContainsKey(Prefix + name) && Types.Value.TryGetValue(name, out JsonObject? type))
                {
                    JsonObject copy = type.Clone();
                    schemas[Prefix + name] = copy;
                    AddReferenced(schemas, copy);
                }
            }

            foreach ((_, JsonNode? value) in fields.ToList())
                AddReferenced(schemas, value);
        }
    }

    private static Dictionary<string, JsonObject> Read()
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("schemas.txt") ?? throw new InvalidOperationException("the assembly lacks its resource schemas.txt");
        using var reader = new StreamReader(stream);
        var types = new Dictionary<string, JsonObject>(StringComparer.Ordinal);
        JsonObject? current = null;
        while (reader.ReadLine() is { } line)
        {
            if (line.Length == 0 || line[0] == '#')
                continue;
            if (line[0] != ' ')
            {
                string[] parts = line.Split(": ", 2);
                types[parts[0]] = current = new JsonObject { ["type"] = "object", ["description"] = parts[1] };
                continue;
            }

            string[] words = line.Trim().Split(' ', 3);
            current!.Ensure("properties")[words[0]] = Field(words[0], words[1], words[2]);
        }

        return types;
    }

    private static JsonObject Field(string name, string type, string description)
    {
        JsonObject schema = type switch
        {
            "string" or "boolean" or "object" => new JsonObject { ["type"] = type },
            "int" => new JsonObject { ["type"] = "integer", ["format"] = "int32" },
            "time" => new JsonObject { ["type"] = "string", ["format"] = "date-time" },
            "intOrString" => new JsonObject { ["oneOf"] = new JsonArray(new JsonObject { ["type"] = "integer" }, new JsonObject { ["type"] = "string" }), ["format"] = "int-or-string" },
            "map" => new JsonObject { ["type"] = "object", ["additionalProperties"] = new JsonObject { ["type"] = "string", ["default"] = "" } },
            _ when type.StartsWith("[]", StringComparison.Ordinal) => ListOf(name, type[2..]),
            _ => new JsonObject { ["allOf"] = new JsonArray(new JsonObject { ["$ref"] = Reference(Prefix + type) }) },
        };
        schema["description"] = description;
        return schema;
    }

    private static JsonObject ListOf(string name, string element)
    {
        JsonObject items = Field(name, element, "");
        items.Remove("description");
        var schema = new JsonObject { ["type"] = "array", ["items"] = items };
        bool containerPorts = element is "ContainerPort";
        if (MergeKeys.Of(name, containerPorts ? new JsonArray(new JsonObject { ["containerPort"] = 0 }) : new JsonArray(new JsonObject { ["port"] = 0 })) is not { } key)
            return schema;
        schema["x-kubernetes-patch-merge-key"] = key;
        schema["x-kubernetes-patch-strategy"] = "merge";
        return schema;
    }
}
