using LazyOC.Plugins.Contracts;

namespace LazyOC.Plugins.Runtime.Lifecycle;

/// <summary>
/// The right to do for a plugin what only one process of a home may do: write unattended, listen. Held as a lock of the
/// operating system on <c>DATA/ID/leader.lock</c>, which goes with the process however that ends.
/// </summary>
internal sealed class LeaderLock : IDisposable
{
    private const string FileName = "leader.lock";

    private readonly FileStream _file;

    private LeaderLock(FileStream file) => _file = file;

    /// <summary>Takes the lock; null when another process has it.</summary>
    /// <param name="dataDirectory">The home's <c>data</c>.</param>
    /// <param name="plugin">Whose.</param>
    /// <exception cref="IOException">The directory cannot be made or written to.</exception>
    /// <exception cref="UnauthorizedAccessException">As above.</exception>
    public static LeaderLock? TryTake(string dataDirectory, PluginId plugin)
    {
        var directory = Path.Combine(dataDirectory, plugin.ToString());
        Directory.CreateDirectory(directory);
        var path = Path.Combine(directory, FileName);
        try
        {
            // The file stays: whoever removed it could remove one that another process has locked by then.
            return new LeaderLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException) when (File.Exists(path))
        {
            return null;
        }
    }

    public void Dispose() => _file.Dispose();
}

/// <summary>The plugins that this process leads. Thread safe.</summary>
/// <param name="dataDirectory">The home's <c>data</c>; null for a host that shares its home with no other.</param>
/// <param name="warn">Told, with the plugin, why the lock cannot be had at all; nobody leads then.</param>
internal sealed class Leaders(string? dataDirectory, Action<PluginId, string> warn) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<PluginId, LeaderLock> _held = [];
    private readonly HashSet<PluginId> _warned = [];
    private bool _isDisposed;

    /// <summary>Whether this process leads a plugin; takes the lead when nobody has it.</summary>
    public bool Leads(PluginId plugin)
    {
        if (dataDirectory is null) return true;
        lock (_gate)
        {
            if (_isDisposed) return false;
            if (_held.ContainsKey(plugin)) return true;
            try
            {
                if (LeaderLock.TryTake(dataDirectory, plugin) is not { } taken) return false;
                _held.Add(plugin, taken);
                return true;
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // Asked again and again by what waits for the lead.
                if (_warned.Add(plugin)) warn(plugin, $"nothing unattended is done: its lock cannot be taken: {error.Message}");
                return false;
            }
        }
    }

    /// <summary>Lets another process lead a plugin that does not run here any more.</summary>
    public void Release(PluginId plugin)
    {
        lock (_gate)
        {
            if (_held.Remove(plugin, out var held)) held.Dispose();
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            foreach (var held in _held.Values) held.Dispose();
            _held.Clear();
        }
    }
}
