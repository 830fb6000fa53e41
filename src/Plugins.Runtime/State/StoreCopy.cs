using LazyOC.Plugins.Packages;

namespace LazyOC.Plugins.Runtime.State;

/// <summary>
/// A plugin's store on its way from one epoch to the next: a copy under a name of its own, which becomes the epoch in one
/// step, or is thrown away. One process at a time makes one.
/// </summary>
internal sealed class StoreCopy : IDisposable
{
    private readonly StoreFolder _folder;
    private readonly FileStream _lock;
    private readonly string _path;
    private bool _isHandedOver;

    private StoreCopy(StoreFolder folder, StoreFile file, string path, FileStream held) => (_folder, File, _path, _lock) = (folder, file, path, held);

    /// <summary>The copy; it has its new name when it is published.</summary>
    public StoreFile File { get; }

    /// <summary>Copies the store that a plugin's own is to be made from.</summary>
    /// <returns>The copy, or why there is none.</returns>
    public static (StoreCopy? Copy, string? Failure) Make(StoreFolder folder, InstalledPlugin plugin, RuntimeLimits limits)
    {
        var path = folder.PathOf(plugin, plugin.Entry.StoreEpoch);
        var directory = Path.GetDirectoryName(path)!;
        FileStream? held = null;
        try
        {
            held = new FileStream(Path.Combine(directory, "migration.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            var pending = new StoreFile(path + ".pending", plugin.Entry.Granted.StorageBytes, limits);
            // Left by a process that ended in the middle.
            folder.Step("clean");
            pending.Delete();
            using var origin = folder.OriginOf(plugin);
            folder.Step("copy");
            if (origin.CopyTo(path + ".pending") is not { } error) return (new StoreCopy(folder, pending, path, held), null);
            pending.Delete();
            held.Dispose();
            return (null, $"its stored data cannot be copied: {error.Message}");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            held?.Dispose();
            return (null, $"its stored data cannot be copied: {error.Message}");
        }
    }

    /// <summary>Makes the copy the epoch. The step in which it becomes whole for every process.</summary>
    /// <exception cref="IOException">It cannot be moved into place.</exception>
    public void Publish()
    {
        _folder.Step("publish");
        File.MoveTo(_path);
        _folder.Step("published");
    }

    /// <summary>What was published stays, and the file is another's to close.</summary>
    public void HandOver() => _isHandedOver = true;

    /// <summary>Throws away what was not handed over.</summary>
    public void Dispose()
    {
        if (!_isHandedOver)
        {
            _folder.Step("discard");
            File.Delete();
            File.Dispose();
        }
        _lock.Dispose();
    }
}
