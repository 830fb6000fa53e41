using System.Text.Json;
using System.Text.Json.Serialization;

namespace LazyOC.Plugins.Contracts.Views;

/// <summary>What the user did with a node.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ViewEvent>))]
public enum ViewEvent
{
    /// <summary>Pressed a button.</summary>
    [JsonStringEnumMemberName("press")] Press,

    /// <summary>Submitted a form, which has <see cref="ViewInput.Values"/>.</summary>
    [JsonStringEnumMemberName("submit")] Submit,

    /// <summary>Started <see cref="ViewInput.Action"/> of a table on its row <see cref="ViewInput.Row"/>.</summary>
    [JsonStringEnumMemberName("rowAction")] RowAction,

    /// <summary>Opened a table's row or a tree's item, <see cref="ViewInput.Row"/>.</summary>
    [JsonStringEnumMemberName("activate")] Activate,
}

/// <summary>The user operated a node of a view.</summary>
public sealed record ViewInput
{
    /// <summary>Id of the node.</summary>
    public required string Node { get; init; }

    public required ViewEvent Event { get; init; }

    /// <summary>Id of the row or of the tree's item.</summary>
    public string? Row { get; init; }

    /// <summary>Id of the row action.</summary>
    public string? Action { get; init; }

    /// <summary>The form's values by field name, as <see cref="FormRules"/> accepts them.</summary>
    public JsonElement? Values { get; init; }
}
