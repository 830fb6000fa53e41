using System.Text.Json;

namespace LazyOC.Cluster.Columns;

/// <summary>Shorthand for the built-in columns; ids are <c>plural:title</c> in lower case.</summary>
internal static class Column
{
    public static ColumnSpec Age { get; } = new("age", "AGE", ColumnType.Age, o => CellValue.OfTime(o.Text("metadata", "creationTimestamp")));

    public static ColumnSpec Text(string owner, string title, Func<JsonElement, string?> value, bool wide = false) =>
        new(Id(owner, title), title, ColumnType.Text, o => CellValue.Of(value(o)), wide);

    public static ColumnSpec Status(string owner, Func<JsonElement, string?> value, string title = "STATUS") =>
        new(Id(owner, title), title, ColumnType.Status, o => CellValue.Of(value(o)));

    public static ColumnSpec Number(string owner, string title, Func<JsonElement, long?> value) =>
        new(Id(owner, title), title, ColumnType.Number, o => CellValue.Of(value(o)));

    /// <summary>A count that the API leaves out when it is zero.</summary>
    public static ColumnSpec Count(string owner, string title, string first, string second) =>
        Number(owner, title, o => o.Number(first, second) ?? 0);

    public static ColumnSpec Time(string owner, string title, Func<JsonElement, string?> value) =>
        new(Id(owner, title), title, ColumnType.Age, o => CellValue.OfTime(value(o)));

    public static ColumnSpec Ready(string owner, Func<JsonElement, (long Ready, long Wanted)> value) => new(Id(owner, "READY"), "READY", ColumnType.Ready, o =>
    {
        var (ready, wanted) = value(o);
        return CellValue.OfReady(ready, wanted);
    });

    public static ColumnSpec Of(string owner, string title, ColumnType type, Func<JsonElement, CellValue> value) => new(Id(owner, title), title, type, value);

    public static ColumnSpec Quantity(string owner, string title, Func<JsonElement, string?> value) =>
        new(Id(owner, title), title, ColumnType.Quantity, o => CellValue.OfQuantity(value(o)));

    public static ColumnSpec[] ContainersAndImages(string owner, params string[] pathToPodSpec) =>
    [
        Text(owner, "CONTAINERS", o => Join(Containers(o, pathToPodSpec).Select(c => c.Text("name"))), wide: true),
        Text(owner, "IMAGES", o => Join(Containers(o, pathToPodSpec).Select(c => c.Text("image"))), wide: true),
    ];

    public static string? Join(IEnumerable<string?> parts, string separator = ",")
    {
        var text = string.Join(separator, parts.Where(p => !string.IsNullOrEmpty(p)));
        return text.Length > 0 ? text : null;
    }

    /// <summary>A map of labels as kubectl writes it: <c>a=b,c=d</c>.</summary>
    public static string? Labels(JsonElement? owner, string name) =>
        owner is { } o ? Join(o.Members(name).Select(l => $"{l.Name}={CellValue.Plain(l.Value)}")) : null;

    /// <summary>The condition of a type; null when it is not there.</summary>
    public static JsonElement? Condition(JsonElement resource, string type)
    {
        foreach (var condition in resource.Items("status", "conditions"))
            if (condition.Text("type") == type)
                return condition;
        return null;
    }

    private static IEnumerable<JsonElement> Containers(JsonElement resource, string[] path)
    {
        JsonElement? at = resource;
        foreach (var name in path)
            at = at?.At(name);
        return at?.Items("containers") ?? [];
    }

    private static string Id(string owner, string title) => $"{owner}:{title.ToLowerInvariant()}";
}
