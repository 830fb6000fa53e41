using System.Collections.Immutable;

namespace LazyOC.Plugins.Contracts.Schemas;

/// <summary>A default that its own schema refuses would be refused wherever it is used.</summary>
internal static class SchemaDefaults
{
    public static ImmutableArray<Problem> Check(JsonSchema schema, SchemaLimits limits)
    {
        var problems = new List<Problem>();
        foreach (var (name, node) in schema.Definitions) Walk(schema, node, Json.JsonExplanation.Join("$defs", name), problems);
        Walk(schema, schema.Root, "", problems);
        return [.. problems.Take(limits.MaxProblems)];
    }

    private static void Walk(JsonSchema schema, SchemaNode node, string path, List<Problem> problems)
    {
        if (node.Default is { } value && schema.Check(value, node, showValues: node.Format != SchemaFormat.Secret) is [var problem, ..])
            problems.Add(problem.Under(Json.JsonExplanation.Join(path, "default")));
        foreach (var (name, child) in node.Properties) Walk(schema, child, Json.JsonExplanation.Join(Json.JsonExplanation.Join(path, "properties"), name), problems);
        if (node.Items is { } items) Walk(schema, items, Json.JsonExplanation.Join(path, "items"), problems);
        if (node.AdditionalProperties is { } others) Walk(schema, others, Json.JsonExplanation.Join(path, "additionalProperties"), problems);
    }
}
