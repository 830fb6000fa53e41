using System.Collections.Immutable;
using System.Text.Json;
using LazyOC.Plugins.Contracts.Schemas;
using LazyOC.Plugins.Contracts.Views;

namespace LazyOC.Plugins.Contracts.Manifest;

/// <summary>One setting of a plugin: a property of its manifest's <c>configuration</c>.</summary>
/// <remarks>Immutable and thread safe.</remarks>
public sealed record Setting
{
    private readonly JsonSchema _schema;
    private readonly SchemaNode _node;

    private Setting(JsonSchema schema, string name, SchemaNode node, bool isRequired)
    {
        (_schema, _node, Name, IsRequired) = (schema, node, name, isRequired);
        Types = TypesOf(node);
    }

    public string Name { get; }

    /// <summary>It is to be set before the plugin does all it can.</summary>
    public bool IsRequired { get; }

    /// <summary>Its value is kept by the host and never given to the plugin.</summary>
    public bool IsSecret => _node.Format == SchemaFormat.Secret;

    /// <summary>What the user reads; the name when its author gives none.</summary>
    public string Title => _node.Title is { Length: > 0 } title ? OneLine(title) : Name;

    /// <summary>What it is for; empty when its author does not say.</summary>
    public string Description => OneLine(_node.Description ?? "");

    /// <summary>The value while none is set; null for none.</summary>
    public JsonElement? Default => _node.Default;

    /// <summary>Names of the JSON types it may have; empty for any.</summary>
    public ImmutableArray<string> Types { get; }

    private bool TakesText => Types.IsEmpty || Types.Contains("string");

    private bool IsChoice => _node.Enum.Length > 0 && _node.Enum.All(value => value.ValueKind == JsonValueKind.String);

    /// <summary>The settings that a configuration declares, in its order.</summary>
    internal static ImmutableArray<Setting> Of(JsonSchema? configuration) => configuration is { Problems.IsEmpty: true }
        ? [.. configuration.Root.Properties.Select(p => new Setting(configuration, p.Key, p.Value, configuration.Root.Required.Contains(p.Key)))]
        : [];

    /// <summary>Holds a value to the setting's schema.</summary>
    /// <returns>Empty when it is accepted; else what is wrong, each with its path, which begins with the name. A secret is never repeated.</returns>
    public ImmutableArray<Problem> Check(JsonElement value) => [.. _schema.Check(value, _node, showValues: !IsSecret).Select(problem => problem.Under(Name))];

    /// <summary>Reads a value that a person typed: text where the setting takes text, else JSON.</summary>
    public Outcome<JsonElement> Parse(string text)
    {
        var asText = JsonSerializer.SerializeToElement(text, ContractJson.Default.String);
        var problems = Check(asText);
        if (TakesText && problems.IsEmpty) return asText;
        try
        {
            using var document = JsonDocument.Parse(text);
            var asJson = Check(document.RootElement);
            if (asJson.IsEmpty) return document.RootElement.Clone();
            return TakesText ? problems : asJson;
        }
        catch (JsonException)
        {
            return TakesText || Types.Any(type => type is "number" or "integer" or "boolean") ? problems : [new Problem(Name, "is not JSON", $"write it as JSON: {string.Join(" or ", Types)}")];
        }
    }

    /// <summary>The field that asks for it.</summary>
    /// <param name="value">What it is now, the default included; null for nothing. Never a secret.</param>
    /// <param name="isSet">Whether the user has set it; of a secret nothing else is shown.</param>
    public FormField ToField(JsonElement? value, bool isSet)
    {
        var kind = IsSecret ? FieldKind.Secret : IsChoice ? FieldKind.Select
            : Types is ["boolean"] ? FieldKind.Toggle
            : Types is ["number"] or ["integer"] ? FieldKind.Number
            : FieldKind.Text;
        var isJson = kind == FieldKind.Text && Types is not ["string"];
        return new FormField
        {
            Name = Name,
            Label = Title,
            Kind = kind,
            Required = IsRequired && !(IsSecret && isSet),
            Value = value is not { } given || IsSecret ? null : isJson ? JsonSerializer.SerializeToElement(given.ValueKind == JsonValueKind.String ? given.GetString()! : given.GetRawText(), ContractJson.Default.String) : given,
            Options = kind == FieldKind.Select ? [.. _node.Enum.Select(option => new FieldOption { Value = option.GetString()!, Label = option.GetString()! })] : [],
            Help = Help(isJson, isSet) is { Length: > 0 } help ? help : null,
        };
    }

    /// <summary>The value of a filled-in field; null when it was left empty.</summary>
    public Outcome<JsonElement>? FromField(JsonElement? value)
    {
        if (value is not { ValueKind: not JsonValueKind.Null } given) return null;
        if (given.ValueKind == JsonValueKind.String && !IsChoice) return given.GetString()!.Length == 0 ? null : Parse(given.GetString()!);
        return Check(given) is { IsEmpty: false } problems ? problems : given;
    }

    private string Help(bool isJson, bool isSet)
    {
        string[] parts = [Description, isJson && !TakesText ? "JSON" : "", IsSecret ? (isSet ? "is set; leave it empty to keep it" : "kept by LazyOC, never given to the plugin") : ""];
        return string.Join(" · ", parts.Where(part => part.Length > 0));
    }

    private ImmutableArray<string> TypesOf(SchemaNode node) =>
        !node.Types.IsEmpty ? node.Types
        : node.Reference is { } name ? TypesOf(_schema.Definitions[name])
        : node.Enum.Length > 0 && node.Enum.All(value => value.ValueKind == JsonValueKind.String) ? ["string"]
        : [];

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");
}
