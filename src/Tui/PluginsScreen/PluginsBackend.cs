using System.Collections.Immutable;
using System.Text.Json;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Permissions;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Plugins.Runtime.Lifecycle;
using LazyOC.Plugins.Runtime.Settings;
using LazyOC.Plugins.Runtime.Supervision;

namespace LazyOC.Tui.PluginsScreen;

/// <summary>A plugin as it is installed.</summary>
public sealed record ListedPlugin
{
    public required PluginManifest Manifest { get; init; }

    /// <summary>SHA-256 of its package.</summary>
    public required Digest Digest { get; init; }

    /// <summary>Where it came from: a file name, a registry, a directory.</summary>
    public required string Source { get; init; }

    /// <summary>What the user granted.</summary>
    public required PermissionSet Granted { get; init; }

    public required bool Enabled { get; init; }

    /// <summary>Nobody vouches for it.</summary>
    public bool Unsigned { get; init; }

    /// <summary>Who has withdrawn it and why, so that it runs nowhere any more; null when nobody has.</summary>
    public string? Withdrawn { get; init; }

    /// <summary>The version that an update would bring; null when it would bring none, or nobody was asked.</summary>
    public string? Update { get; init; }

    /// <summary>It runs from its author's directory, not from the store.</summary>
    public bool Dev { get; init; }
}

/// <summary>A package that may be installed.</summary>
/// <param name="Manifest">What it says of itself.</param>
/// <param name="Path">The file.</param>
/// <param name="Digest">SHA-256 of the file as it was read: what is consented to is installed, or nothing.</param>
/// <param name="Unsigned">Nobody vouches for it.</param>
public sealed record PackageOffer(PluginManifest Manifest, string Path, Digest Digest, bool Unsigned)
{
    /// <summary>The folders that the user has chosen, by mount, as he typed them; those of the version before stay what they are.</summary>
    public ImmutableSortedDictionary<string, string> Folders { get; init; } = ImmutableSortedDictionary<string, string>.Empty;
}

/// <summary>A line of a plugin's audit, as the page shows it.</summary>
/// <param name="Time">When.</param>
/// <param name="Decision">What was decided: <c>refused</c>, <c>done</c>, …</param>
/// <param name="Style">How bad that is.</param>
/// <param name="Call">Name of the host call or transition.</param>
/// <param name="Target">On what.</param>
/// <param name="Reason">Why; null when there is nothing to say.</param>
/// <param name="Count">How many calls it stands for.</param>
public sealed record PluginAuditLine(DateTimeOffset Time, string Decision, TextStyle Style, string Call, string Target, string? Reason = null, long Count = 1);

/// <summary>
/// What the plugins page reads and has done. Reading must be quick, for it happens on the screen's loop; what is done
/// changes the store and then the running host, and says in one sentence what it did. All members may be called from any thread.
/// </summary>
public sealed record PluginsBackend
{
    /// <summary>The installed plugins, enabled or not, in order of id.</summary>
    public required Func<ImmutableArray<ListedPlugin>> Installed { get; init; }

    /// <summary>State of the plugins that the host runs.</summary>
    public required Func<ImmutableArray<PluginStatus>> Statuses { get; init; }

    /// <summary>What a plugin used over time, oldest first.</summary>
    public required Func<PluginId, ImmutableArray<PluginSample>> History { get; init; }

    /// <summary>Begins to sample; told after each sample, until disposed.</summary>
    public required Func<Action, IDisposable> Watch { get; init; }

    /// <summary>The last lines a plugin logged, oldest first.</summary>
    public required Func<PluginId, ImmutableArray<PluginLogLine>> Log { get; init; }

    /// <summary>The last lines of a plugin's audit, oldest first.</summary>
    public required Func<PluginId, ImmutableArray<PluginAuditLine>> Audit { get; init; }

    /// <summary>Reads a package without installing it; the path is as the user typed it.</summary>
    public required Func<string, CancellationToken, Task<Outcome<PackageOffer>>> ReadPackageAsync { get; init; }

    /// <summary>Installs what was consented to, in place of another version if there is one.</summary>
    public required Func<PackageOffer, CancellationToken, Task<Outcome<string>>> InstallAsync { get; init; }

    public required Func<PluginId, CancellationToken, Task<Outcome<string>>> UninstallAsync { get; init; }

    /// <summary>Enables or disables a plugin.</summary>
    public required Func<PluginId, bool, CancellationToken, Task<Outcome<string>>> SwitchAsync { get; init; }

    /// <summary>Lets a quarantined or suspended plugin run again; false when it was neither.</summary>
    public required Func<PluginId, bool> Lift { get; init; }

    /// <summary>A plugin's settings as they are now.</summary>
    public Func<PluginManifest, SettingValues> Settings { get; init; } = SettingValues.DefaultsOf;

    /// <summary>Sets settings by name, or unsets those whose value is null: all of them or none.</summary>
    public Func<PluginManifest, IReadOnlyDictionary<string, JsonElement?>, CancellationToken, Task<Outcome<string>>> ChangeSettingsAsync { get; init; } =
        static (_, _, _) => Task.FromResult<Outcome<string>>(new Problem("", "settings cannot be changed here"));

    /// <summary>Asks the registries, once a start, what they say of what is installed; answers the plugins that an update would bring later versions of. Null asks nobody.</summary>
    public Func<CancellationToken, Task<ImmutableArray<PluginId>>>? CheckAsync { get; init; }

    /// <summary>Takes a bug of the page or the backend: an exception nobody expects.</summary>
    public required Action<Exception> Bug { get; init; }
}
