using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using LazyOC.Cluster.Simulator.Resources;
using LazyOC.Cluster.Simulator.Storage;

namespace LazyOC.Cluster.Simulator.Control;

/// <summary>
/// Holds custom resources to the structural schema of their definition: defaults are filled in, unknown fields pruned,
/// types, required fields, enumerations and bounds checked. <c>pattern</c>, <c>format</c> and CEL rules are not.
/// </summary>
internal sealed class StructuralSchema
{
    private const int MaxProblems = 10;

    private readonly List<(string Field, string Problem)> _problems = [];

    /// <exception cref="ApiException">The object breaks its schema; each cause names a field.</exception>
    public static void Enforce(ResourceDefinition resource, JsonObject schema, JsonObject tree)
    {
        var check = new StructuralSchema();
        check.Fields(schema, tree, "");
        if (check._problems.Count > 0)
            throw ApiException.Invalid(resource, tree.Text("metadata", "name") ?? "", [.. check._problems]);
    }

    private void Value(JsonObject schema, JsonNode? value, string path)
    {
        if (_problems.Count >= MaxProblems || (value is null && schema.Flag("nullable")))
            return;
        if (!HasType(schema, value))
        {
            Report(path, $"Invalid value: {Show(value)}: must be of type {schema.Text("type") ?? "integer or string"}");
            return;
        }

        if (schema["enum"] is JsonArray allowed && !allowed.Any(a => JsonNode.DeepEquals(a, value)))
            Report(path, $"Unsupported value: {Show(value)}: supported values: {string.Join(", ", allowed.Select(Show))}");
        switch (value)
        {
            case JsonObject fields:
                Fields(schema, fields, path);
                break;
            case JsonArray list:
                Bounds(schema, list.Count, "minItems", "maxItems", "items", path);
                for (int i = 0; i < list.Count && schema["items"] is JsonObject items; i++)
                    Value(items, list[i], string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]"));
                break;
            case JsonValue scalar when scalar.GetValueKind() is JsonValueKind.String:
                Bounds(schema, value.Text()!.Length, "minLength", "maxLength", "characters", path);
                break;
            case JsonValue scalar when scalar.GetValueKind() is JsonValueKind.Number:
                Range(schema, Number(scalar), path);
                break;
        }
    }

    private void Fields(JsonObject schema, JsonObject fields, string path)
    {
        JsonObject? properties = schema["properties"] as JsonObject;
        foreach ((string name, JsonNode? property) in properties ?? [])
        {
            if (!fields.ContainsKey(name) && property.At("default") is { } value)
                fields[name] = value.DeepClone();
        }

        foreach (string name in schema.Texts("required").Where(name => !fields.ContainsKey(name)))
            Report(Join(path, name), "Required value");

        // A map of free keys has `additionalProperties`; everything else unknown is pruned unless the schema keeps it.
        bool keeps = schema.Flag("x-kubernetes-preserve-unknown-fields") || schema.Flag("additionalProperties");
        foreach ((string name, JsonNode? value) in fields.ToList())
        {
            if (path.Length == 0 && (name is "apiVersion" or "kind" or "metadata"))
                continue;
            if ((properties?[name] ?? schema["additionalProperties"]) is JsonObject known)
                Value(known, value, Join(path, name));
            else if (!keeps)
                fields.Remove(name);
        }
    }

    private static bool HasType(JsonObject schema, JsonNode? value)
    {
        JsonValueKind kind = value?.GetValueKind() ?? JsonValueKind.Null;
        if (schema.Flag("x-kubernetes-int-or-string"))
            return kind is JsonValueKind.String || (kind is JsonValueKind.Number && IsWhole(value!.AsValue()));
        return schema.Text("type") switch
        {
            "object" => kind is JsonValueKind.Object,
            "array" => kind is JsonValueKind.Array,
            "string" => kind is JsonValueKind.String,
            "boolean" => kind is JsonValueKind.True or JsonValueKind.False,
            "number" => kind is JsonValueKind.Number,
            "integer" => kind is JsonValueKind.Number && IsWhole(value!.AsValue()),
            _ => true,
        };
    }

    private static bool IsWhole(JsonValue value) => Number(value) is var number && Math.Floor(number) == number;

    private static double Number(JsonValue value) => double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture);

    private void Bounds(JsonObject schema, int actual, string minimum, string maximum, string unit, string path)
    {
        if (schema.Integer(minimum) is { } least && actual < least)
            Report(path, $"Invalid value: should have at least {least} {unit}");
        if (schema.Integer(maximum) is { } most && actual > most)
            Report(path, $"Invalid value: should have at most {most} {unit}");
    }

    private void Range(JsonObject schema, double number, string path)
    {
        if (schema["minimum"] is JsonValue least && number < Number(least))
            Report(path, $"Invalid value: should be greater than or equal to {least}");
        if (schema["maximum"] is JsonValue most && number > Number(most))
            Report(path, $"Invalid value: should be less than or equal to {most}");
    }

    private void Report(string path, string problem)
    {
        if (_problems.Count < MaxProblems)
            _problems.Add((path, problem));
    }

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    private static string Show(JsonNode? value) => value?.ToJsonString() is { } text ? text.Length <= 64 ? text : text[..64] + "…" : "null";
}
