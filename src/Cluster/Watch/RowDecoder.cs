using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using LazyOC.Cluster.Columns;
using LazyOC.Cluster.Errors;

namespace LazyOC.Cluster.Watch;

/// <summary>
/// Keeps of an object what the columns ask for. Values repeat a lot (phases, images, nodes), so equal short ones share one
/// string for the life of the decoder. Not thread-safe.
/// </summary>
internal sealed class RowDecoder(ImmutableArray<ColumnSpec> columns, ClusterLimits limits)
{
    private const int MaxInternedChars = 128;

    private readonly HashSet<string> _strings = new(StringComparer.Ordinal);

    public ImmutableArray<ColumnSpec> Columns => columns;

    public ResourceRow Decode(JsonElement resource)
    {
        if (resource.At("metadata") is not { } metadata || metadata.Text("name") is not { Length: > 0 } name)
            throw new InvalidAnswerException("the server sent an object without a name", "repeat; if it stays, something between here and the API server changes its answers");

        var values = new CellValue[columns.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = Keep(columns[i].Project(resource), columns[i].Type);

        var created = CellValue.OfTime(metadata.Text("creationTimestamp"));
        return new ResourceRow(
            metadata.Text("uid") ?? "",
            Share(metadata.Text("namespace")),
            name,
            created.IsNone ? 0 : (long)created.Number,
            Fingerprint(metadata.Text("resourceVersion")),
            values);
    }

    private CellValue Keep(CellValue value, ColumnType type)
    {
        if (value.Text is not { } text)
            return value;
        if (type is ColumnType.Json)
            return text.Length <= limits.MaxJsonCellChars ? value : CellValue.None;
        if (text.Length > limits.MaxCellChars)
            text = string.Concat(text.AsSpan(0, limits.MaxCellChars), "…");
        return value with { Text = Share(text) };
    }

    private string? Share(string? text)
    {
        if (text is null || text.Length > MaxInternedChars)
            return text;
        if (_strings.TryGetValue(text, out var known))
            return known;
        if (_strings.Count < limits.MaxInternedStrings)
            _strings.Add(text);
        return text;
    }

    // Resource versions are opaque; in practice numbers, else any 64 bits that tell two of them apart will do.
    private static ulong Fingerprint(string? resourceVersion)
    {
        if (ulong.TryParse(resourceVersion, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return number;
        var hash = 14695981039346656037UL;
        foreach (var c in resourceVersion ?? "")
            hash = (hash ^ c) * 1099511628211UL;
        return hash;
    }
}
