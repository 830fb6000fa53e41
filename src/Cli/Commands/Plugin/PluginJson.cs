using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using LazyOC.Cli.Control;
using LazyOC.Cli.Installing;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Permissions;
using LazyOC.Plugins.Packages;
using LazyOC.Plugins.Sandbox.Audit;

namespace LazyOC.Cli.Commands.Plugin;

/// <summary>One installed plugin, as the plugin commands print it.</summary>
internal sealed record PluginRow
{
    public required PluginId Id { get; init; }
    public required string Version { get; init; }
    public required bool Enabled { get; init; }

    /// <summary>Why it may not run until it is enabled again; absent when it may.</summary>
    public string? Quarantined { get; init; }

    /// <summary>Why its registry lets it run nowhere any more; absent when it may.</summary>
    public string? Withdrawn { get; init; }

    /// <summary>Why its package cannot be opened any more; absent when it can.</summary>
    public string? Damaged { get; init; }

    /// <summary>It is started whenever LazyOC is, needed or not.</summary>
    public bool AtStart { get; init; }

    /// <summary>Milliseconds that its last start took in a LazyOC that is open; absent when it was not started in any.</summary>
    public double? StartMs { get; init; }

    /// <summary>Nobody has signed the package.</summary>
    public required bool Unsigned { get; init; }

    public required string Digest { get; init; }
    public required string Source { get; init; }
    public required PermissionSet Granted { get; init; }

    /// <summary>What the running LazyOCs made of a change; absent where nothing changed.</summary>
    public ImmutableArray<RunningRow>? Running { get; init; }

    /// <summary>Keys that it asks for and others have; absent where it was not just installed.</summary>
    public ImmutableArray<KeyRow>? Keys { get; init; }

    public static PluginRow Of(InstalledEntry entry, string? quarantined = null) => new()
    {
        Quarantined = quarantined,
        Id = entry.Id,
        Version = entry.Version.ToString(),
        Enabled = entry.Enabled,
        Unsigned = entry.IsUnsigned,
        Digest = entry.Digest.ToString(),
        Source = entry.Source,
        Granted = entry.Granted,
    };
}

/// <summary>What <c>plugin pack</c> made.</summary>
internal sealed record PackedRow
{
    public required PluginId Id { get; init; }
    public required string Version { get; init; }
    public required string File { get; init; }
    public required string Digest { get; init; }
    public required long Bytes { get; init; }

    /// <summary>The file with the package's signature; absent when it is not signed.</summary>
    public string? Signatures { get; init; }

    /// <summary>The id of the key it is signed with; absent when it is not signed.</summary>
    public string? Signer { get; init; }
    public required ImmutableArray<string> LeftOut { get; init; }

    /// <summary>What is in the code and could not be named in the SBOM with its version.</summary>
    public required ImmutableArray<string> SbomGaps { get; init; }
}

/// <summary>One setting of a plugin.</summary>
internal sealed record SettingRow
{
    public required string Name { get; init; }
    public required string Title { get; init; }
    public string? Description { get; init; }

    /// <summary>What it is now: set or default. Absent when there is neither, and for a secret.</summary>
    public JsonElement? Value { get; init; }

    /// <summary>Whether the user has set it.</summary>
    public required bool Set { get; init; }
    public required bool Secret { get; init; }
    public required bool Required { get; init; }

    /// <summary>What is wrong with it; absent when nothing is.</summary>
    public string? Problem { get; init; }
}

/// <summary>What <c>plugin settings</c> changed, and the processes of the running LazyOCs that follow.</summary>
internal sealed record SettingsChangedRow(PluginId Plugin, ImmutableArray<string> Changed, ImmutableArray<int> Running);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    WriteIndented = true)]
[JsonSerializable(typeof(PluginRow))]
[JsonSerializable(typeof(Test.TestRunRow))]
[JsonSerializable(typeof(ValidationReport))]
[JsonSerializable(typeof(ImmutableArray<New.PluginTemplate>))]
[JsonSerializable(typeof(ImmutableArray<PluginRow>))]
[JsonSerializable(typeof(LimitsReport))]
[JsonSerializable(typeof(PackedRow))]
[JsonSerializable(typeof(PlanReport))]
[JsonSerializable(typeof(InstalledReport))]
[JsonSerializable(typeof(ImmutableArray<SetRow>))]
[JsonSerializable(typeof(ImmutableArray<OutdatedRow>))]
[JsonSerializable(typeof(TreeRow))]
[JsonSerializable(typeof(ImmutableArray<TreeRow>))]
[JsonSerializable(typeof(Garbage))]
[JsonSerializable(typeof(SettingRow))]
[JsonSerializable(typeof(ImmutableArray<SettingRow>))]
[JsonSerializable(typeof(SettingsChangedRow))]
[JsonSerializable(typeof(ImmutableSortedDictionary<string, JsonElement>))]
[JsonSerializable(typeof(PermissionsReport))]
[JsonSerializable(typeof(PackageReport))]
[JsonSerializable(typeof(VerifiedRow))]
[JsonSerializable(typeof(SpeedscopeFile))]
[JsonSerializable(typeof(ImmutableArray<TopRow>))]
[JsonSerializable(typeof(ImmutableArray<AuditEntry>))]
[JsonSerializable(typeof(ImmutableArray<AuditVerdict>))]
internal sealed partial class PluginJson : JsonSerializerContext;
