using System.Collections.Immutable;
using System.Text.Json.Serialization;
using LazyOC.Plugins.Contracts.Permissions;
using LazyOC.Plugins.Contracts.Schemas;
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
    /// <summary>One or two sentences, shown in searches and on the plugin's page.</summary>
    public string Description { get; init => field = value ?? ""; } = "";
    /// <summary>SPDX expression, such as <c>Apache-2.0</c>.</summary>
    public string License { get; init => field = value ?? ""; } = "";
    /// <summary>What it is for, such as <c>observability</c> or <c>security</c>; a marketplace lists plugins by them.</summary>
    public ImmutableArray<string> Categories { get; init => field = value.OrEmpty(); } = [];
    /// <summary>More words to be found by.</summary>
    public ImmutableArray<string> Keywords { get; init => field = value.OrEmpty(); } = [];
    /// <summary>Where the source is.</summary>
    public string? Repository { get; init; }
    /// <summary>What the plugin runs on.</summary>
    public required PluginEngines Engines { get; init; }

    /// <summary>Path in the package of the guest's code: <c>.js</c> is a JavaScript guest, <c>.wasm</c> an Extism-ABI guest.</summary>
    public required string Main { get; init; }

    /// <summary>When the plugin is started: <c>onStartup</c>, <c>onColumn:ID</c>, <c>onTab:ID</c>, <c>onSection:ID</c>, <c>onPage:ID</c>, <c>onCard:ID</c>, <c>onAction:ID</c>, <c>onCommand:ID</c>, <c>onResourceView:ID</c>, <c>onLogTransform:ID</c>, <c>onHook:ID</c>, <c>onEvent:TOPIC</c>.</summary>
    public ImmutableArray<string> Activation { get; init => field = value.OrEmpty(); } = [];

    /// <summary>Plugins that are installed with it, each with the range of versions that will do, such as <c>^2.1</c>.</summary>
    public ImmutableSortedDictionary<PluginId, VersionRange> Dependencies { get; init => field = value ?? ImmutableSortedDictionary<PluginId, VersionRange>.Empty; } = ImmutableSortedDictionary<PluginId, VersionRange>.Empty;

    /// <summary>Plugins that it can do without: they are not installed for it, but when one is there, its version is in the range.</summary>
    public ImmutableSortedDictionary<PluginId, VersionRange> OptionalDependencies { get; init => field = value ?? ImmutableSortedDictionary<PluginId, VersionRange>.Empty; } = ImmutableSortedDictionary<PluginId, VersionRange>.Empty;

    /// <summary>What the plugin may do at most; the user's grant narrows it.</summary>
    public PermissionSet Permissions { get; init => field = value ?? PermissionSet.None; } = PermissionSet.None;

    /// <summary>Why a permission is asked for, by its path (<c>kubernetes</c>, <c>network.connect</c>); shown at consent.</summary>
    public ImmutableDictionary<string, string> PermissionReasons { get; init => field = value ?? ImmutableDictionary<string, string>.Empty; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Resources the plugin asks for.</summary>
    public PluginLimitRequest Limits { get; init => field = value ?? new(); } = new();
    /// <summary>The extension points the plugin fills.</summary>
    public Contributions Contributes { get; init => field = value ?? new(); } = new();

    /// <summary>A JSON Schema of type <c>object</c>: each property is a setting that the user sets. One with <c>"format": "secret"</c> goes to the host's secret store, never to the plugin.</summary>
    public JsonSchema? Configuration { get; init; }

    /// <summary>What it offers to other plugins.</summary>
    public PluginExports Exports { get; init => field = value ?? new(); } = new();

    /// <summary>The settings that <see cref="Configuration"/> declares, in its order.</summary>
    [JsonIgnore]
    public ImmutableArray<Setting> Settings => Setting.Of(Configuration);

    /// <summary>How the stored data of earlier versions becomes that of this one; those that match run in this order.</summary>
    public ImmutableArray<StoreMigration> Migrations { get; init => field = value.OrEmpty(); } = [];

    /// <summary>The migrations that the data of an earlier version needs.</summary>
    public ImmutableArray<StoreMigration> MigrationsFrom(SemanticVersion version) => [.. Migrations.Where(migration => migration.From.Contains(version))];
}

/// <summary>Code that changes what a plugin has stored, when another version takes over.</summary>
public sealed record StoreMigration
{
    /// <summary>Versions whose data it changes, npm syntax, such as <c>&lt;2.0.0</c>.</summary>
    public required VersionRange From { get; init; }

    /// <summary>Path in the package of a JavaScript bundle, which is given the message <c>migrate</c> and may call <c>storage.*</c> and <c>log.write</c>.</summary>
    public required string Entry { get; init; }
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
