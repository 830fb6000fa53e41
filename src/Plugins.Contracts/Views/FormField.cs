using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace LazyOC.Plugins.Contracts.Views;

/// <summary>What a field takes, and what its value is in JSON.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FieldKind>))]
public enum FieldKind
{
    /// <summary>A line of text; a string.</summary>
    [JsonStringEnumMemberName("text")] Text,

    /// <summary>A number.</summary>
    [JsonStringEnumMemberName("number")] Number,

    /// <summary>One of <see cref="FormField.Options"/>; the option's value, a string.</summary>
    [JsonStringEnumMemberName("select")] Select,

    /// <summary>On or off; true or false.</summary>
    [JsonStringEnumMemberName("toggle")] Toggle,

    /// <summary>A line of text that is not shown; a string.</summary>
    [JsonStringEnumMemberName("secret")] Secret,
}

/// <summary>A field of a form, of a prompt, or of an action's or command's inputs. What it accepts is decided by <see cref="FormRules"/>.</summary>
public sealed record FormField
{
    /// <summary>Its key among the values; unique in its form.</summary>
    public required string Name { get; init; }

    /// <summary>What the user reads beside it.</summary>
    public required string Label { get; init; }

    /// <summary>What is filled in.</summary>
    public required FieldKind Kind { get; init; }

    /// <summary>What it holds at first; absent for nothing, and for a secret always.</summary>
    public JsonElement? Value { get; init; }

    /// <summary>What a <see cref="FieldKind.Select"/> offers; empty for every other kind.</summary>
    public ImmutableArray<FieldOption> Options { get; init => field = value.OrEmpty(); } = [];

    /// <summary>Whether it must be filled in; a toggle always has a value.</summary>
    public bool Required { get; init; }

    /// <summary>Least number, or least length in characters of a text or secret that is filled in.</summary>
    public double? Min { get; init; }

    /// <summary>Greatest number, or greatest length in characters of a text or secret.</summary>
    public double? Max { get; init; }

    /// <summary>A regular expression that the whole text or secret must match; without lookaround and backreferences.</summary>
    public string? Pattern { get; init; }

    /// <summary>A sentence for the user.</summary>
    public string? Help { get; init; }
}

/// <summary>What a <see cref="FieldKind.Select"/> offers.</summary>
public sealed record FieldOption
{
    /// <summary>What the plugin is given.</summary>
    public required string Value { get; init; }

    /// <summary>What the user reads.</summary>
    public required string Label { get; init; }
}
