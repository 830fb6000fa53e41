using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using LazyOC.Plugins.Contracts.Permissions;
using LazyOC.Plugins.Contracts.Versions;

namespace LazyOC.Plugins.Contracts.Manifest;

/// <summary>
/// <c>plugin.json</c>: the one document that the marketplace shows, the user consents to, an update is compared with
/// and the broker enforces.
/// </summary>
public sealed record PluginManifest
{
    /// <summary>The host API version this build offers; a manifest's <c>engines.lazyoc</c> range is checked against it.</summary>
    public const string HostApiVersion = "1.0.0";

    /// <summary>For editors; the host does not read it.</summary>
    [JsonPropertyName("$schema")] public string? Schema { get; init; }

    /// <summary>Version of the manifest format itself; 1.</summary>
    public required int ManifestVersion { get; init; }

    /// <summary><c>publisher.name</c>, unique among all plugins.</summary>
    public required PluginId Id { get; init; }

    /// <summary>Versions that differ only in build metadata are the same version.</summary>
    public required SemanticVersion Version { get; init; }

    /// <summary>What the user sees.</summary>
    public required string DisplayName { get; init; }
    public string Description { get; init => field = value ?? ""; } = "";
    /// <summary>SPDX expression, such as <c>Apache-2.0</c>.</summary>
    public string License { get; init => field = value ?? ""; } = "";
    public ImmutableArray<string> Categories { get; init => field = value.OrEmpty(); } = [];
    public ImmutableArray<string> Keywords { get; init => field = value.OrEmpty(); } = [];
    /// <summary>Where the source is.</summary>
    public string? Repository { get; init; }
    /// <summary>What the plugin runs on.</summary>
    public required PluginEngines Engines { get; init; }

    /// <summary>Path in the package of the guest's code: <c>.js</c> is a JavaScript guest, <c>.wasm</c> an Extism-ABI guest.</summary>
    public required string Main { get; init; }

    /// <summary>When the plugin is started: <c>onStartup</c>, <c>onColumn:ID</c>, <c>onTab:ID</c>, <c>onAction:ID</c>, <c>onCommand:ID</c>, <c>onEvent:TOPIC</c>.</summary>
    public ImmutableArray<string> Activation { get; init => field = value.OrEmpty(); } = [];

    /// <summary>What the plugin may do at most; the user's grant narrows it.</summary>
    public PermissionSet Permissions { get; init => field = value ?? PermissionSet.None; } = PermissionSet.None;

    /// <summary>Why a permission is asked for, by its path (<c>kubernetes</c>, <c>network.connect</c>); shown at consent.</summary>
    public ImmutableDictionary<string, string> PermissionReasons { get; init => field = value ?? ImmutableDictionary<string, string>.Empty; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Resources the plugin asks for.</summary>
    public PluginLimitRequest Limits { get; init => field = value ?? new(); } = new();
    /// <summary>The extension points the plugin fills.</summary>
    public Contributions Contributes { get; init => field = value ?? new(); } = new();
}

/// <summary>What the plugin runs on.</summary>
public sealed record PluginEngines
{
    /// <summary>Range of the host API version, npm syntax.</summary>
    public required VersionRange Lazyoc { get; init; }
}

/// <summary>Resources a plugin asks for; the host's policy caps them.</summary>
public sealed record PluginLimitRequest
{
    /// <summary>Linear memory, such as <c>64MiB</c>.</summary>
    public string? Memory { get; init; }
}

/// <summary>The extension points a plugin fills, declared so that columns and menus exist before any plugin code runs.</summary>
/// <remarks>Ids are <c>PLUGIN-ID.name</c>; the list is what this host version offers and only grows within a major version.</remarks>
public sealed record Contributions
{
    public ImmutableArray<ColumnContribution> Columns { get; init => field = value.OrEmpty(); } = [];
    public ImmutableArray<TabContribution> Tabs { get; init => field = value.OrEmpty(); } = [];
    public ImmutableArray<ActionContribution> Actions { get; init => field = value.OrEmpty(); } = [];
    public ImmutableArray<CommandContribution> Commands { get; init => field = value.OrEmpty(); } = [];
    public ImmutableArray<StatusItemContribution> StatusItems { get; init => field = value.OrEmpty(); } = [];
}

/// <summary>A resource type as the API server names it; <c>group</c> is empty for the core group.</summary>
/// <param name="Group">API group, such as <c>apps</c>.</param>
/// <param name="Kind">Kind, such as <c>Deployment</c>.</param>
public readonly record struct GroupKind(string Group, string Kind)
{
    /// <summary><c>Pod</c> or <c>apps/Deployment</c>.</summary>
    public override string ToString() => Group.Length == 0 ? Kind : $"{Group}/{Kind}";

    /// <summary>Reads <c>Kind</c> or <c>group/Kind</c>.</summary>
    /// <exception cref="FormatException">The text is neither.</exception>
    public static GroupKind Parse(string text) => TryParse(text, out var kind)
        ? kind
        : throw new FormatException($"`{text}` is not a kind\nhint: write `Pod` or, with its API group, `apps/Deployment`");

    /// <summary>Reads <c>Kind</c> or <c>group/Kind</c>; false when the text is neither.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out GroupKind kind)
    {
        kind = default;
        if (text is null) return false;
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var group = slash < 0 ? "" : text[..slash];
        var name = text[(slash + 1)..];
        if (slash == 0 || name.Length == 0 || !char.IsAsciiLetter(name[0]) || !name.All(char.IsAsciiLetterOrDigit)) return false;
        if (!group.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '.')) return false;
        kind = new GroupKind(group, name);
        return true;
    }
}

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
public sealed record ColumnContribution
{
    public required string Id { get; init; }

    /// <summary><c>Kind</c> or <c>group/Kind</c>.</summary>
    public required string Resource { get; init; }

    public required string Title { get; init; }
    public ColumnType Type { get; init; } = ColumnType.Text;

    /// <summary>kubectl-style JSONPath; excludes <see cref="Compute"/>.</summary>
    public string? Path { get; init; }

    /// <summary>kubectl-style JSONPaths given to the plugin for each row; excludes <see cref="Path"/>.</summary>
    public ImmutableArray<string> Compute { get; init => field = value.OrEmpty(); } = [];

    /// <summary>Preferred width in cells; the host decides.</summary>
    public int? Width { get; init; }
}

/// <summary>A tab in the details of a resource kind; its content is the answer to <c>render</c>.</summary>
public sealed record TabContribution
{
    public required string Id { get; init; }

    /// <summary><c>Kind</c> or <c>group/Kind</c>.</summary>
    public required string Resource { get; init; }

    public required string Title { get; init; }
}

/// <summary>How much an action can break; what is destructive is confirmed by the user.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DangerLevel>))]
public enum DangerLevel
{
    [JsonStringEnumMemberName("none")] None,
    [JsonStringEnumMemberName("caution")] Caution,
    [JsonStringEnumMemberName("destructive")] Destructive,
}

/// <summary>Something the user can do with selected objects; starting it makes the gesture that writes need.</summary>
public sealed record ActionContribution
{
    public required string Id { get; init; }

    /// <summary>Kinds it applies to, each <c>Kind</c> or <c>group/Kind</c>.</summary>
    public required ImmutableArray<string> Resources { get; init; }

    public required string Title { get; init; }
    /// <summary>Key the plugin would like; conflicts are resolved in the user's keymap.</summary>
    public string? Key { get; init; }

    /// <summary>Whether it works on several objects at once.</summary>
    public bool Multiple { get; init; }

    public DangerLevel Danger { get; init; }
}

/// <summary>An entry of the command palette.</summary>
public sealed record CommandContribution
{
    public required string Id { get; init; }
    public required string Title { get; init; }

    /// <summary>JSON Schema of the arguments; absent when it takes none.</summary>
    public JsonElement? Arguments { get; init; }
}

/// <summary>An item of the status bar, set by the plugin with <c>ui.status</c>.</summary>
public sealed record StatusItemContribution
{
    public required string Id { get; init; }
    public required string Title { get; init; }
}
