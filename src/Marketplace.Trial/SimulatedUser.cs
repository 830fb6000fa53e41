using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Plugins.Runtime.Extensions;

namespace LazyOC.Marketplace.Trial;

/// <summary>A user who agrees to everything and fills in what he is asked.</summary>
internal sealed class SimulatedUser : IUserPrompts
{
    private const string Text = "trial";

    /// <summary>Values that fields accept, as far as that can be found; null when there is nothing to fill in.</summary>
    public static JsonElement? Fill(ImmutableArray<FormField> fields)
    {
        if (fields.IsEmpty) return null;
        var values = new JsonObject();
        foreach (var field in fields)
            if (ValueOf(field) is { } value) values[field.Name] = value;
        using var document = JsonDocument.Parse(values.ToJsonString());
        return document.RootElement.Clone();
    }

    public Task<bool> ConfirmAsync(PluginId plugin, string pluginName, string text, DangerLevel danger, CancellationToken cancellationToken) => Task.FromResult(true);

    public Task<JsonElement?> PromptAsync(PluginId plugin, string pluginName, string title, ImmutableArray<FormField> fields, CancellationToken cancellationToken) =>
        Task.FromResult(Fill(fields) is { } values && FormRules.CheckValues(fields, values).IsEmpty ? values : (JsonElement?)null);

    public void Notify(PluginId plugin, string pluginName, string text, TextStyle style)
    {
    }

    public void Tell(PluginId plugin, string pluginName, string what, string hint, TextStyle style)
    {
    }

    public void Progress(PluginId plugin, string pluginName, string id, string text, double? value, bool done)
    {
    }

    public bool Copy(PluginId plugin, string text) => true;

    public bool Browse(PluginId plugin, string pluginName, Uri url) => true;

    public Task<bool> OpenAsync(Contributed<ViewContribution> view, ObjectReference? obj, CancellationToken cancellationToken) => Task.FromResult(true);

    private static JsonNode? ValueOf(FormField field) => field switch
    {
        { Value: { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) } value } => JsonNode.Parse(value.GetRawText()),
        { Kind: FieldKind.Toggle } => JsonValue.Create(true),
        { Kind: FieldKind.Number } => JsonValue.Create(field.Min ?? field.Max ?? 1),
        { Kind: FieldKind.Select } => JsonValue.Create(field.Options[0].Value),
        _ => JsonValue.Create(Text.Length < field.Min ? Text.PadRight((int)Math.Min(field.Min.Value, FormLimits.Default.MaxValueLength), 'x') : Text.Length > field.Max ? Text[..(int)Math.Max(field.Max.Value, 0)] : Text),
    };
}
