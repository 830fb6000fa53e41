using System.Collections.Immutable;
using System.Text.Json.Nodes;
using LazyOC.Cluster.Simulator.Printing;
using LazyOC.Cluster.Simulator.Storage;

namespace LazyOC.Cluster.Simulator.Resources;

/// <summary>One column of the Table output.</summary>
/// <param name="Name">Title, before kubectl upper-cases it.</param>
/// <param name="Type">OpenAPI type of the cells: string, integer, number, boolean or date.</param>
/// <param name="Priority">0 is always shown, 1 only in wide output.</param>
/// <param name="Cell">Computes the cell of an object at a time.</param>
internal sealed record PrinterColumn(string Name, string Type, int Priority, Func<JsonObject, DateTimeOffset, JsonNode?> Cell)
{
    public string Format { get; init; } = "";

    public string Description { get; init; } = "";

    public static readonly PrinterColumn ObjectName = new("Name", "string", 0, (o, _) => o.Text("metadata", "name"))
    {
        Format = "name",
        Description = "Name must be unique within a namespace.",
    };

    public static readonly PrinterColumn Age = new("Age", "string", 0, (o, now) => HumanDuration.Since(o.Time("metadata", "creationTimestamp"), now))
    {
        Description = "Time since the object was created.",
    };

    public static readonly ImmutableArray<PrinterColumn> NameAndAge = [ObjectName, Age];

    /// <summary>A text column; null cells print as <c>&lt;none&gt;</c>.</summary>
    public static PrinterColumn Text(string name, Func<JsonObject, string?> cell, int priority = 0) =>
        new(name, "string", priority, (o, _) => cell(o) is { Length: > 0 } text ? text : "<none>");

    public static PrinterColumn Number(string name, Func<JsonObject, long?> cell, int priority = 0) =>
        new(name, "integer", priority, (o, _) => cell(o) ?? 0);
}
