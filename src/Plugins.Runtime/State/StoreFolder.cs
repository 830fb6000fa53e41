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
    /// <summary>Behind the name of an epoch that is not whole yet.</summary>
    public const string Pending = ".pending";

    private readonly ConcurrentDictionary<PluginPrincipal, StoreFile> _migrated = new(ReferenceEqualityComparer.Instance);

    /// <summary>The store of a plugin's epoch; null when this host keeps nothing.</summary>
    public StoreFile? FileOf(InstalledPlugin plugin) => folder is null ? null : new StoreFile(PathOf(plugin, plugin.Entry.StoreEpoch), plugin.Entry.Granted.StorageBytes, limits);

    /// <summary>Whether the plugin's epoch is made from that of another version, be it there already or not: who makes it knows.</summary>
    public bool IsMigrated(InstalledPlugin plugin) => folder is not null && plugin.Entry.StoreOrigin is not null;

    /// <summary>Whether the plugin's epoch is there.</summary>
    public bool HasEpochOf(InstalledPlugin plugin) => IsThere(PathOf(plugin, plugin.Entry.StoreEpoch));

    /// <summary>Whether there is an epoch that the plugin's own is to be made from.</summary>
    public bool HasOriginOf(InstalledPlugin plugin) => IsThere(PathOf(plugin, plugin.Entry.StoreOrigin!.Epoch));

    /// <summary>The epoch that a plugin's own is to be made from.</summary>
    public StoreFile OriginOf(InstalledPlugin plugin) => new(PathOf(plugin, plugin.Entry.StoreOrigin!.Epoch), plugin.Entry.Granted.StorageBytes, limits);

    /// <summary>Where a plugin's epoch is once it is whole.</summary>
    public string PathOf(InstalledPlugin plugin, int epoch) => PluginStore.DataFile(folder!, plugin.Manifest.Id, epoch);

    /// <summary>
    /// The plugin's epoch is the one in force. When it was left for another, by a migration that a killed process never
    /// finished or that was taken back since, it goes on, and what was not finished is deleted.
    /// </summary>
    /// <returns>Why it cannot go on; null when it does, or another process is migrating it just now.</returns>
    public string? GoOnWith(InstalledPlugin plugin)
    {
        if (folder is null) return null;
        var path = PathOf(plugin, plugin.Entry.StoreEpoch);
        if (!File.Exists(StoreFile.LeftPath(path))) return null;
        var directory = Path.GetDirectoryName(path)!;
        try
        {
            using var held = MigrationLock.TryTake(directory);
            if (held is null) return null;
            DeletePending(directory);
            File.Delete(StoreFile.LeftPath(path));
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return $"nothing can be stored: what a migration left in `{directory}` cannot be removed: {error.Message}";
        }
    }

    /// <summary>Deletes copies that were never finished. Only with the migration's lock.</summary>
    public static void DeletePending(string directory)
    {
        // With their journals.
        foreach (var file in Directory.EnumerateFiles(directory, $"*.db{Pending}*")) File.Delete(file);
    }

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

    /// <summary>Whether an epoch is there, be it damaged.</summary>
    public static bool IsThere(string path) => File.Exists(path) || File.Exists(StoreFile.DamagedPath(path));
}
