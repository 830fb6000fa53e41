using LazyOC.Plugins.Packages;

namespace LazyOC.Plugins.Runtime.State;

/// <summary>What came of an attempt to copy a store for its next epoch.</summary>
internal abstract record StoreCopyAttempt
{
    private StoreCopyAttempt()
    {
    }

    /// <summary>The copy, to be migrated.</summary>
    public sealed record Made(StoreCopy Copy) : StoreCopyAttempt;

    /// <summary>The epoch is there.</summary>
    public sealed record Needless : StoreCopyAttempt;

    /// <summary>Another process is at it: whether the epoch will be there is known when it has ended.</summary>
    public sealed record Busy : StoreCopyAttempt;

    /// <summary>It cannot be made, and nothing has changed.</summary>
    public sealed record Failed(string Reason) : StoreCopyAttempt;
}

/// <summary>
/// A plugin's store on its way from one epoch to the next: a copy under a name of its own, which becomes the epoch in one
/// step, or is thrown away. One process at a time makes one, and from its beginning nothing is changed in the epoch that it
/// is made from, by no process: what came later would be in no copy.
/// </summary>
internal sealed class StoreCopy : IDisposable
{
    private readonly StoreFolder _folder;
    private readonly MigrationLock _lock;
    private readonly string _path;
    private readonly string _origin;
    private bool _isHandedOver;

    private StoreCopy(StoreFolder folder, InstalledPlugin plugin, RuntimeLimits limits, MigrationLock held)
    {
        (_folder, _lock) = (folder, held);
        _path = folder.PathOf(plugin, plugin.Entry.StoreEpoch);
        _origin = folder.PathOf(plugin, plugin.Entry.StoreOrigin!.Epoch);
        HasData = StoreFolder.IsThere(_origin);
        File = new StoreFile(_path + StoreFolder.Pending, plugin.Entry.Granted.StorageBytes, limits, isCopy: true);
    }

    /// <summary>The copy; it has its new name when it is published.</summary>
    public StoreFile File { get; }

    /// <summary>Whether anything was ever stored: without it there is nothing to migrate.</summary>
    public bool HasData { get; }

    /// <summary>Copies the store that a plugin's own is to be made from.</summary>
    public static StoreCopyAttempt TryMake(StoreFolder folder, InstalledPlugin plugin, RuntimeLimits limits)
    {
        StoreCopy? copy = null;
        var isMade = false;
        try
        {
            var directory = Path.GetDirectoryName(folder.PathOf(plugin, plugin.Entry.StoreEpoch))!;
            if (MigrationLock.TryTake(directory) is not { } held) return new StoreCopyAttempt.Busy();
            if (folder.HasEpochOf(plugin))
            {
                held.Dispose();
                return new StoreCopyAttempt.Needless();
            }
            copy = new StoreCopy(folder, plugin, limits, held);
            if (copy.Fill(directory, folder.OriginOf(plugin)) is { } failure) return new StoreCopyAttempt.Failed(failure);
            isMade = true;
            return new StoreCopyAttempt.Made(copy);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Where nothing can be written nothing is lost, and what is there can be read.
            return copy is null && (folder.HasEpochOf(plugin) || !folder.HasOriginOf(plugin)) ? new StoreCopyAttempt.Needless()
                : new StoreCopyAttempt.Failed($"its stored data cannot be copied: {error.Message}");
        }
        finally
        {
            if (!isMade) copy?.Dispose();
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

    /// <summary>Throws away what was not handed over; the epoch that it was made from goes on.</summary>
    public void Dispose()
    {
        using (_lock)
        {
            if (!_isHandedOver) Discard();
        }
    }

    private void Discard()
    {
        try
        {
            _folder.Step("discard");
            File.Delete();
            _folder.Step("discarded");
            // Last: while it is there nothing is changed that could be missing in the copy.
            System.IO.File.Delete(StoreFile.LeftPath(_origin));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The old version still runs: it is told with each change that it cannot store, and the next change of plugins tries again.
        }
        finally
        {
            File.Dispose();
        }
    }

    private string? Fill(string directory, StoreFile origin)
    {
        using (origin)
        {
            _folder.Step("leave");
            System.IO.File.WriteAllBytes(StoreFile.LeftPath(_origin), []);
            // Left by processes that ended in the middle.
            _folder.Step("clean");
            StoreFolder.DeletePending(directory);
            _folder.Step("copy");
            return HasData && origin.CopyTo(_path + StoreFolder.Pending) is { } error ? $"its stored data cannot be copied: {error.Message}" : null;
        }
    }
}
