using System.Collections.Concurrent;
using LazyOC.Plugins.Packages;
using LazyOC.Plugins.Sandbox.Broker;

namespace LazyOC.Plugins.Runtime.State;

/// <summary>Where plugins' stores are: <c>ID/EPOCH.db</c> below one folder. Thread safe.</summary>
/// <param name="folder">The folder; null when this host keeps nothing.</param>
/// <param name="limits">Bounds.</param>
/// <param name="beforeStep">Told before each step in which a store becomes another epoch.</param>
internal sealed class StoreFolder(string? folder, RuntimeLimits limits, Action<string>? beforeStep = null)
{
    private readonly ConcurrentDictionary<PluginPrincipal, StoreFile> _migrated = new(ReferenceEqualityComparer.Instance);

    /// <summary>The store of a plugin's epoch; null when this host keeps nothing.</summary>
    public StoreFile? FileOf(InstalledPlugin plugin) => folder is null ? null : new StoreFile(PathOf(plugin, plugin.Entry.StoreEpoch), plugin.Entry.Granted.StorageBytes, limits);

    /// <summary>Whether the plugin's epoch has yet to be made from that of another version.</summary>
    public bool NeedsMigration(InstalledPlugin plugin) =>
        folder is not null && plugin.Entry.StoreOrigin is { } origin && !IsThere(PathOf(plugin, plugin.Entry.StoreEpoch)) && IsThere(PathOf(plugin, origin.Epoch));

    /// <summary>The epoch that a plugin's own is to be made from.</summary>
    public StoreFile OriginOf(InstalledPlugin plugin) => new(PathOf(plugin, plugin.Entry.StoreOrigin!.Epoch), plugin.Entry.Granted.StorageBytes, limits);

    /// <summary>Where a plugin's epoch is once it is whole.</summary>
    public string PathOf(InstalledPlugin plugin, int epoch) => PluginStore.DataFile(folder!, plugin.Manifest.Id, epoch);

    /// <summary>What a migration works on; null when the principal is none.</summary>
    public StoreFile? MigratedBy(PluginPrincipal principal) => _migrated.GetValueOrDefault(principal);

    /// <summary>Lets a migration's principal work on a store, until <see cref="EndMigration"/>.</summary>
    public void BeginMigration(PluginPrincipal principal, StoreFile store) => _migrated[principal] = store;

    public void EndMigration(PluginPrincipal principal) => _migrated.TryRemove(principal, out _);

    /// <summary>A step is about to be taken in which a store becomes another epoch.</summary>
    public void Step(string name) => beforeStep?.Invoke(name);

    /// <summary>Creates a folder that only this user may look into.</summary>
    public static void Create(string path)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private static bool IsThere(string path) => File.Exists(path) || File.Exists(StoreFile.DamagedPath(path));
}
