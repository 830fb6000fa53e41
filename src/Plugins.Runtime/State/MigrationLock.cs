namespace LazyOC.Plugins.Runtime.State;

/// <summary>
/// The right to make, publish or throw away an epoch of a plugin's store: a lock of the operating system on
/// <c>DATA/ID/migration.lock</c>, which goes with the process however that ends.
/// </summary>
internal sealed class MigrationLock : IDisposable
{
    private readonly FileStream _file;

    private MigrationLock(FileStream file) => _file = file;

    /// <summary>Takes the lock; null when another has it.</summary>
    /// <param name="directory">Of the plugin's stores; created when it is missing.</param>
    /// <exception cref="IOException">The directory cannot be made or written to.</exception>
    /// <exception cref="UnauthorizedAccessException">As above.</exception>
    public static MigrationLock? TryTake(string directory)
    {
        StoreFolder.Create(directory);
        var path = Path.Combine(directory, "migration.lock");
        try
        {
            // The file stays: whoever removed it could remove one that another process has locked by then.
            return new MigrationLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException held) when (IsHeld(held))
        {
            return null;
        }
    }

    public void Dispose() => _file.Dispose();

    // Another process has it: EWOULDBLOCK on Linux and macOS, ERROR_SHARING_VIOLATION on Windows.
    private static bool IsHeld(IOException error) => (error.HResult & 0xFFFF) is 11 or 35 or 32;
}
