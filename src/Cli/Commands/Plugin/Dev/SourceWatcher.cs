using System.Collections.Immutable;

namespace LazyOC.Cli.Commands.Plugin.Dev;

/// <summary>
/// Tells when the source of a plugin has changed and come to rest. What changed is decided by the files themselves, looked at
/// now and then; the system's notices only make it quicker, and where it has none left to give it is slower by a second.
/// </summary>
/// <param name="directory">The plugin's directory.</param>
/// <param name="ignored">Names of folders that hold no source, besides those that begin with a dot.</param>
/// <param name="warn">Told once when the system gives no notices.</param>
internal sealed class SourceWatcher(string directory, ImmutableHashSet<string> ignored, Action<string> warn) : IDisposable
{
    /// <summary>
    /// How long nothing may change before the source has come to rest: an editor writes in several steps. One that takes longer
    /// costs a build that the next one replaces.
    /// </summary>
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(30);

    /// <summary>Folders that are watched; those beyond are only looked at.</summary>
    private const int MaxWatches = 256;

    private readonly SemaphoreSlim _noticed = new(0, 1);
    private readonly Dictionary<string, FileSystemWatcher?> _watches = new(StringComparer.Ordinal);
    private ImmutableSortedDictionary<string, (DateTime Written, long Length)>? _seen;
    private bool _warned;

    /// <summary>Waits until the source is another than at the last call, or the time is over; true when it is another.</summary>
    public async Task<bool> ChangedAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        var last = _seen ?? Look();
        _seen = last;
        await _noticed.WaitAsync(limit, cancellationToken);
        var now = Look();
        if (Same(now, last)) return false;
        while (true)
        {
            await Task.Delay(Rest, cancellationToken);
            var later = Look();
            if (Same(later, now)) break;
            now = later;
        }
        _seen = now;
        return true;
    }

    /// <summary>Ends the wait that goes on, or the next one.</summary>
    public void Wake() => Notice();

    public void Dispose()
    {
        foreach (var watch in _watches.Values) watch?.Dispose();
        _noticed.Dispose();
    }

    private static bool Same(ImmutableSortedDictionary<string, (DateTime, long)> left, ImmutableSortedDictionary<string, (DateTime, long)> right) =>
        left.Count == right.Count && left.SequenceEqual(right);

    private ImmutableSortedDictionary<string, (DateTime Written, long Length)> Look()
    {
        var files = ImmutableSortedDictionary.CreateBuilder<string, (DateTime, long)>(StringComparer.Ordinal);
        Look(new DirectoryInfo(directory), files);
        return files.ToImmutable();
    }

    private void Look(DirectoryInfo folder, ImmutableSortedDictionary<string, (DateTime, long)>.Builder files)
    {
        Watch(folder.FullName);
        try
        {
            foreach (var entry in folder.EnumerateFileSystemInfos())
            {
                if (entry.Name.StartsWith('.') || entry.LinkTarget is not null) continue;
                if (entry is FileInfo file) files[file.FullName] = (file.LastWriteTimeUtc, file.Length);
                else if (!ignored.Contains(entry.Name)) Look((DirectoryInfo)entry, files);
            }
        }
        catch (Exception gone) when (gone is DirectoryNotFoundException or FileNotFoundException)
        {
            // Removed while it was looked at: the next look tells.
        }
    }

    private void Watch(string folder)
    {
        if (_watches.ContainsKey(folder) || _watches.Count >= MaxWatches) return;
        try
        {
            var watch = new FileSystemWatcher(folder);
            watch.Changed += (_, _) => Notice();
            watch.Created += (_, _) => Notice();
            watch.Deleted += (_, _) => Notice();
            watch.Renamed += (_, _) => Notice();
            watch.EnableRaisingEvents = true;
            _watches[folder] = watch;
        }
        catch (Exception error) when (error is IOException or ArgumentException)
        {
            _watches[folder] = null;
            if (!_warned) warn($"the system gives no notices of changes ({error.Message}): the source is looked at once a second");
            _warned = true;
        }
    }

    private void Notice()
    {
        try
        {
            if (_noticed.CurrentCount == 0) _noticed.Release();
        }
        catch (Exception late) when (late is SemaphoreFullException or ObjectDisposedException)
        {
            // Noticed by another thread at the same moment, or after the end.
        }
    }
}
