using System.Collections.Immutable;
using System.Text.Json.Serialization;
using LazyOC.Plugins.Contracts.Views;

namespace LazyOC.Plugins.Contracts.Manifest;

/// <summary>The extension points a plugin fills, declared so that columns, menus and keys exist before any plugin code runs.</summary>
/// <remarks>Ids are <c>PLUGIN-ID.name</c>; the list is what this host version offers and only grows within a major version.</remarks>
public sealed record Contributions
{
    public ImmutableArray<ColumnContribution> Columns { get; init => field = value.OrEmpty(); } = [];
    public ImmutableArray<TabContribution> Tabs { get; init => field = value.OrEmpty(); } = [];
    public ImmutableArray<SectionContribution> Sections { get; init => field = value.OrEmpty(); } = [];
    public ImmutableArray<PageContribution> Pages { get; init => field = value.OrEmpty(); } = [];
    public ImmutableArray<CardContribution> Cards { get; init => field = value.OrEmpty(); } = [];
    public ImmutableArray<ActionContribution> Actions { get; init => field = value.OrEmpty(); } = [];
    public ImmutableArray<CommandContribution> Commands { get; init => field = value.OrEmpty(); } = [];
    public ImmutableArray<KeyContribution> Keys { get; init => field = value.OrEmpty(); } = [];
    public ImmutableArray<StatusItemContribution> StatusItems { get; init => field = value.OrEmpty(); } = [];
    public ImmutableArray<ThemeContribution> Themes { get; init => field = value.OrEmpty(); } = [];
    public ImmutableArray<ResourceViewContribution> ResourceViews { get; init => field = value.OrEmpty(); } = [];
    public ImmutableArray<LogTransformContribution> LogTransforms { get; init => field = value.OrEmpty(); } = [];
    public ImmutableArray<RelationContribution> Relations { get; init => field = value.OrEmpty(); } = [];
    public ImmutableArray<HookContribution> Hooks { get; init => field = value.OrEmpty(); } = [];
    public ImmutableArray<TemplateContribution> Templates { get; init => field = value.OrEmpty(); } = [];
}

/// <summary>What most contributions have.</summary>
public abstract record Contribution
{
    /// <summary><c>PLUGIN-ID.name</c>; unique in the plugin, and the key of its handler.</summary>
    [JsonPropertyOrder(-2)] public required string Id { get; init; }

    /// <summary>What the user reads.</summary>
    [JsonPropertyOrder(-1)] public required string Title { get; init; }

    /// <summary>When it is there; always when absent. Terms: <c>api:GROUP/VERSION</c>, <c>kind:GLOB</c> of <c>KIND</c> or <c>GROUP/KIND</c>, <c>context:GLOB</c>, <c>namespace:GLOB</c>, <c>openshift</c>, <c>readonly</c>; with <c>!</c>, <c>&amp;&amp;</c>, <c>||</c> and parentheses.</summary>
    [JsonPropertyOrder(1)] public When? When { get; init; }

    /// <summary>Whether it is there.</summary>
    public bool IsIn(WhenContext context) => When?.Holds(context) ?? true;
}

/// <summary>A contribution whose content is a view, the plugin's answer to <c>render</c>.</summary>
public abstract record ViewContribution : Contribution;

/// <summary>How a column's values are shown, aligned and sorted.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ColumnType>))]
public enum ColumnType
{
    [JsonStringEnumMemberName("text")] Text,
    [JsonStringEnumMemberName("number")] Number,
    [JsonStringEnumMemberName("quantity")] Quantity,
    [JsonStringEnumMemberName("age")] Age,
    [JsonStringEnumMemberName("status")] Status,
    [JsonStringEnumMemberName("sparkline")] Sparkline,
}

/// <summary>
/// A column in the list of a resource kind: either <see cref="Path"/>, extracted while streaming without running plugin
/// code, or <see cref="Compute"/>, the paths whose values the plugin is handed in batches (<c>compute</c> message).
/// </summary>
public sealed record ColumnContribution : Contribution
{
    /// <summary><c>Kind</c> or <c>group/Kind</c>.</summary>
    public required string Resource { get; init; }

    /// <summary>How its values are shown, aligned and sorted.</summary>
    public ColumnType Type { get; init; } = ColumnType.Text;

    /// <summary>kubectl-style JSONPath; excludes <see cref="Compute"/>.</summary>
    public string? Path { get; init; }

    /// <summary>kubectl-style JSONPaths given to the plugin for each row; excludes <see cref="Path"/>.</summary>
    public ImmutableArray<string> Compute { get; init => field = value.OrEmpty(); } = [];

    /// <summary>Preferred width in cells; the host decides.</summary>
    public int? Width { get; init; }
}

/// <summary>A tab in the details of a resource kind.</summary>
public sealed record TabContribution : ViewContribution
{
    /// <summary>As <see cref="Resource"/>: any kind.</summary>
    public const string AnyKind = "*";

    /// <summary><c>Kind</c>, <c>group/Kind</c> or <c>*</c> for any kind, which <c>when</c> may narrow.</summary>
    public required string Resource { get; init; }

    /// <summary>Whether it is one of a kind's, its <see cref="Contribution.When"/> aside.</summary>
    public bool IsOf(GroupKind kind) => Resource == AnyKind || GroupKind.Parse(Resource) == kind;
}

/// <summary>A section under the overview of a resource kind.</summary>
public sealed record SectionContribution : ViewContribution
{
    /// <summary><c>Kind</c> or <c>group/Kind</c>.</summary>
    public required string Resource { get; init; }
}

/// <summary>An entry of the navigation with a view of its own.</summary>
public sealed record PageContribution : ViewContribution
{
    /// <summary>Title of the navigation's group it stands in; the host has one for pages without.</summary>
    public string? Group { get; init; }
}

/// <summary>A card of the dashboard.</summary>
public sealed record CardContribution : ViewContribution;

/// <summary>How much something can break; what is destructive is confirmed by the user.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DangerLevel>))]
public enum DangerLevel
{
    [JsonStringEnumMemberName("none")] None,
    [JsonStringEnumMemberName("caution")] Caution,
    [JsonStringEnumMemberName("destructive")] Destructive,
}

/// <summary>Something the user can do with selected objects; starting it makes the gesture that writes need.</summary>
public sealed record ActionContribution : Contribution
{
    /// <summary>Kinds it applies to, each <c>Kind</c> or <c>group/Kind</c>.</summary>
    public required ImmutableArray<string> Resources { get; init; }

    /// <summary>Key the plugin would like; conflicts are resolved in the user's keymap.</summary>
    public string? Key { get; init; }

    /// <summary>Whether it works on several objects at once.</summary>
    public bool Multiple { get; init; }

    /// <summary>How much it can break; the user confirms what is destructive.</summary>
    public DangerLevel Danger { get; init; }

    /// <summary>RBAC verb on the objects without which it is of no use, such as <c>delete</c>: users who lack it are told so instead.</summary>
    public string? Verb { get; init; }

    /// <summary>What the user fills in before it starts.</summary>
    public ImmutableArray<FormField> Inputs { get; init => field = value.OrEmpty(); } = [];
}

/// <summary>An entry of the command palette.</summary>
public sealed record CommandContribution : Contribution
{
    /// <summary>What the user fills in before it starts.</summary>
    public ImmutableArray<FormField> Inputs { get; init => field = value.OrEmpty(); } = [];
}

/// <summary>Where a key is bound.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<KeyContext>))]
public enum KeyContext
{
    [JsonStringEnumMemberName("global")] Global,
    [JsonStringEnumMemberName("list")] List,
    [JsonStringEnumMemberName("details")] Details,
    [JsonStringEnumMemberName("navigation")] Navigation,
}

/// <summary>A key the plugin would like for one of its own commands or actions; conflicts are shown and resolved in the user's keymap.</summary>
public sealed record KeyContribution
{
    /// <summary>Such as <c>g</c>, <c>ctrl-r</c> or <c>f5</c>.</summary>
    public required string Key { get; init; }

    /// <summary>Id of a command of this plugin; excludes <see cref="Action"/>.</summary>
    public string? Command { get; init; }

    /// <summary>Id of an action of this plugin; excludes <see cref="Command"/>.</summary>
    public string? Action { get; init; }

    /// <summary>Where the key works.</summary>
    public KeyContext Context { get; init; }

    /// <summary>When it is there, as in <see cref="Contribution.When"/>; always when absent.</summary>
    public When? When { get; init; }

    /// <summary>Whether it is there.</summary>
    public bool IsIn(WhenContext context) => When?.Holds(context) ?? true;
}

/// <summary>An item of the status bar, set by the plugin with <c>ui.status</c>.</summary>
public sealed record StatusItemContribution : Contribution;

/// <summary>The palette that a theme changes.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ThemeBase>))]
public enum ThemeBase
{
    [JsonStringEnumMemberName("dark")] Dark,
    [JsonStringEnumMemberName("light")] Light,
}

/// <summary>Colours for the whole program.</summary>
public sealed record ThemeContribution : Contribution
{
    /// <summary>Where the colours that are left out come from.</summary>
    public ThemeBase Base { get; init; }

    /// <summary><c>#rrggbb</c> by what is coloured; names are <see cref="ThemeColors.Names"/>.</summary>
    public required ImmutableDictionary<string, string> Colors { get; init; }
}
