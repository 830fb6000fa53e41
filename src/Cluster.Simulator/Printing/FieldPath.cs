using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using LazyOC.Cluster.Simulator.Storage;

namespace LazyOC.Cluster.Simulator.Printing;

/// <summary>
/// The part of JSONPath that printer columns use: <c>.a.b</c>, <c>['a']</c>, <c>[0]</c>, <c>[*]</c>,
/// <c>[?(@.type=="Ready")]</c>, and <c>\.</c> for a dot within a name.
/// </summary>
internal sealed class FieldPath
{
    private readonly List<Step> _steps;

    private FieldPath(List<Step> steps) => _steps = steps;

    /// <summary>What one step selects: a field, an index, a filter on a field's text, or with all of them null every element.</summary>
    private sealed record Step(string? Field = null, int? Index = null, string[]? FilterPath = null, string? FilterValue = null);

    /// <exception cref="ApiException">The path uses something else, or is malformed.</exception>
    public static FieldPath Parse(string text)
    {
        var steps = new List<Step>();
        int i = 0;
        while (i < text.Length)
        {
            if (text[i] == '[')
            {
                int close = text.IndexOf(']', i);
                if (close < 0)
                    throw Malformed(text);
                steps.Add(ParseBracket(text[(i + 1)..close], text));
                i = close + 1;
                continue;
            }

            if (text[i] == '.')
                i++;
            var name = new StringBuilder();
            while (i < text.Length && text[i] is not ('.' or '['))
            {
                if (text[i] == '\\' && i + 1 < text.Length)
                    i++;
                name.Append(text[i++]);
            }

            if (name.Length > 0)
                steps.Add(name is ['*'] ? new Step() : new Step(name.ToString()));
            else if (i < text.Length && text[i] == '.')
                throw Malformed(text);
        }

        return new FieldPath(steps);
    }

    /// <summary>The first value the path selects, or null.</summary>
    public JsonNode? First(JsonNode root)
    {
        IEnumerable<JsonNode?> nodes = [root];
        foreach (Step step in _steps)
            nodes = nodes.SelectMany(n => Select(n, step));
        return nodes.FirstOrDefault(n => n is not null);
    }

    private static IEnumerable<JsonNode?> Select(JsonNode? node, Step step) => step switch
    {
        { Field: { } field } => [node.At(field)],
        { Index: { } index } => node is JsonArray array && (index < 0 ? array.Count + index : index) is var at && at >= 0 && at < array.Count ? [array[at]] : [],
        { FilterPath: { } path } => node is JsonArray items ? items.Where(item => string.Equals(item.At(path)?.ToString(), step.FilterValue, StringComparison.Ordinal)) : [],
        _ => node switch { JsonArray all => all, JsonObject fields => fields.Select(f => f.Value), _ => [] },
    };

    private static Step ParseBracket(string inner, string whole)
    {
        if (inner is "*")
            return new Step();
        if (inner.Length > 2 && inner[0] is '\'' or '"')
            return new Step(inner[1..^1]);
        if (int.TryParse(inner, CultureInfo.InvariantCulture, out int index))
            return new Step(Index: index);
        int equal = inner.IndexOf("==", StringComparison.Ordinal);
        if (inner.StartsWith("?(@.", StringComparison.Ordinal) && inner.EndsWith(')') && equal > 4)
            return new Step(FilterPath: inner[4..equal].Trim().Split('.'), FilterValue: inner[(equal + 2)..^1].Trim().Trim('\'', '"'));
        throw Malformed(whole);
    }

    private static ApiException Malformed(string text) => ApiException.BadRequest($"JSONPath `{text}` cannot be read: expected .field, ['field'], [index], [*] or [?(@.field==\"value\")]");
}
