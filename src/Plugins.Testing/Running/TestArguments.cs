using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Contracts.Versions;
using LazyOC.Plugins.Contracts.Views;

namespace LazyOC.Plugins.Testing.Running;

/// <summary>Reads what a test hands over; it is code of anybody's, and may hand over anything.</summary>
internal static class TestArguments
{
    /// <exception cref="PluginFailedException">There is none, or it is no text.</exception>
    public static string Text(JsonObject arguments, string name) => MaybeText(arguments, name) ?? throw Wrong(name, "a text");

    public static string? MaybeText(JsonObject arguments, string name) => arguments[name] switch
    {
        null => null,
        JsonValue value when value.TryGetValue(out string? text) => text,
        _ => throw Wrong(name, "a text"),
    };

    public static int? Number(JsonObject arguments, string name) => arguments[name] switch
    {
        null => null,
        JsonValue value when value.TryGetValue(out int number) => number,
        _ => throw Wrong(name, "a whole number"),
    };

    public static bool Flag(JsonObject arguments, string name) => arguments[name] switch
    {
        null => false,
        JsonValue value when value.TryGetValue(out bool flag) => flag,
        _ => throw Wrong(name, "true or false"),
    };

    public static JsonNode Node(JsonObject arguments, string name) => arguments[name] ?? throw Wrong(name, "an object");

    public static JsonElement? Element(JsonObject arguments, string name) => arguments[name] is { } node ? ElementOf(node) : null;

    public static ImmutableArray<string> Texts(JsonObject arguments, string name) => arguments[name] switch
    {
        null => [],
        JsonArray all => [.. all.Select(one => one is JsonValue value && value.TryGetValue(out string? text) ? text : throw Wrong(name, "texts"))],
        _ => throw Wrong(name, "texts"),
    };

    public static ObjectReference Object(JsonObject arguments) => Reference(arguments["object"]);

    public static ImmutableArray<ObjectReference> Objects(JsonObject arguments) => arguments["objects"] is JsonArray all ? [.. all.Select(Reference)] : throw Wrong("objects", "objects");

    public static ViewInput Input(JsonObject arguments) => new()
    {
        Node = Text(arguments, "node"),
        Event = Text(arguments, "event") switch { "press" => ViewEvent.Press, "submit" => ViewEvent.Submit, "rowAction" => ViewEvent.RowAction, "activate" => ViewEvent.Activate, _ => throw Wrong("event", "`press`, `submit`, `rowAction` or `activate`") },
        Row = MaybeText(arguments, "row"),
        Action = MaybeText(arguments, "action"),
        Values = Element(arguments, "values"),
    };

    public static HarnessOptions Options(JsonObject arguments, TestingLimits limits)
    {
        var options = new HarnessOptions
        {
            Withheld = Texts(arguments, "withhold"),
            ReadOnly = Flag(arguments, "readOnly"),
            Confirms = Flag(arguments, "confirm"),
            Filled = Element(arguments, "prompt"),
            Settings = Elements(arguments, "settings"),
            Stored = Elements(arguments, "stored"),
            StoredBy = MaybeText(arguments, "storedBy") is not { } version ? null : SemanticVersion.TryParse(version, out var storedBy) ? storedBy : throw Wrong("storedBy", "a version such as `1.0.0`"),
            Faults = arguments["faults"] is JsonArray faults ? [.. faults.Select(Fault)] : [],
            Limits = limits,
        };
        if (MaybeText(arguments, "scenario") is { } scenario) options = options with { Scenario = scenario };
        return options with { Width = Size(arguments, "width", options.Width), Height = Size(arguments, "height", options.Height) };
    }

    private static ImmutableDictionary<string, JsonElement> Elements(JsonObject arguments, string name) => arguments[name] switch
    {
        null => ImmutableDictionary<string, JsonElement>.Empty,
        JsonObject all => all.Where(one => one.Value is not null).ToImmutableDictionary(one => one.Key, one => ElementOf(one.Value!), StringComparer.Ordinal),
        _ => throw Wrong(name, "an object"),
    };

    private static CallFault Fault(JsonNode? node) => node is JsonObject fault
        ? new CallFault(Text(fault, "call"), MaybeText(fault, "code"), MaybeText(fault, "message"), Element(fault, "answer"), Number(fault, "times"))
        : throw Wrong("faults", "objects with `call`");

    private static int Size(JsonObject arguments, string name, int byDefault)
    {
        const int most = 500;
        return Number(arguments, name) is not { } size ? byDefault : size is >= 1 and <= most ? size : throw Wrong(name, $"a number from 1 to {most}");
    }

    private static ObjectReference Reference(JsonNode? node) => node is JsonObject reference
        ? new ObjectReference { Group = MaybeText(reference, "group") ?? "", Kind = Text(reference, "kind"), Name = Text(reference, "name"), Namespace = MaybeText(reference, "namespace"), Uid = MaybeText(reference, "uid") }
        : throw Wrong("object", "what `ref` gives");

    private static JsonElement ElementOf(JsonNode node)
    {
        using var document = JsonDocument.Parse(node.ToJsonString());
        return document.RootElement.Clone();
    }

    private static PluginFailedException Wrong(string name, string expected) => new(ErrorCode.Invalid, $"`{name}` is to be {expected}");
}
