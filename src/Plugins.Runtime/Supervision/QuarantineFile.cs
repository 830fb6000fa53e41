using System.Collections.Immutable;
using System.Text.Json;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Json;

namespace LazyOC.Plugins.Runtime.Supervision;

/// <summary>
/// The quarantined plugins of a home, in one small JSON file, so that quarantine outlives the process. Plugins cannot reach
/// it. Thread safe; of two processes that change it at the same moment one may win.
/// </summary>
/// <remarks>
/// Kept by id: neither an update nor a new installation ends a quarantine. A file that cannot be read quarantines nothing,
/// which is told; it could as well have been deleted by whoever changed it.
/// </remarks>
/// <param name="path">The file; it is made with the first quarantine, and its directory too.</param>
/// <param name="warn">Told what is wrong with the file, one sentence a call; must return at once.</param>
public sealed class QuarantineFile(string path, Action<string> warn)
{
    private static readonly JsonLimits Limits = new(MaxBytes: 256 << 10, MaxDepth: 4);
    private const int ReasonChars = 512;

    private readonly Lock _gate = new();

    /// <summary>The quarantined plugins; none when the file cannot be read, which is told.</summary>
    public ImmutableArray<QuarantineEntry> Read()
    {
        lock (_gate) return ReadEntries();
    }

    internal void Add(PluginId plugin, string reason, DateTimeOffset since)
    {
        var entry = new QuarantineEntry { Plugin = plugin, Reason = reason.Length <= ReasonChars ? reason : reason[..ReasonChars], Since = since };
        lock (_gate) Write(ReadEntries().RemoveAll(e => e.Plugin == plugin).Add(entry));
    }

    /// <summary>Ends a quarantine for hosts that start from now on; false when there was none. A running host has <see cref="PluginHost.Lift"/>.</summary>
    public bool Remove(PluginId plugin)
    {
        lock (_gate)
        {
            var entries = ReadEntries();
            var others = entries.RemoveAll(e => e.Plugin == plugin);
            if (others.Length == entries.Length) return false;
            Write(others);
            return true;
        }
    }

    private ImmutableArray<QuarantineEntry> ReadEntries()
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            // One byte more than may be read: a file that grows while it is read is told too.
            var bytes = new byte[Math.Min(file.Length, Limits.MaxBytes + 1L)];
            var length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            if (StrictJson.Read(bytes.AsSpan(0, length), RuntimeJson.Default.QuarantineList, Limits).TryGet(out var list, out var problems))
                return list.Plugins;
            warn($"no plugin is held in quarantine: `{path}` is not a quarantine file: {problems[0]}");
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            // Nothing has been quarantined yet.
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            warn($"no plugin is held in quarantine: `{path}` cannot be read: {error.Message}");
        }
        return [];
    }

    private void Write(ImmutableArray<QuarantineEntry> entries)
    {
        var next = path + ".next";
        try
        {
            if (Path.GetDirectoryName(path) is { Length: > 0 } directory) Directory.CreateDirectory(directory);
            using (var file = new FileStream(next, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                JsonSerializer.Serialize(file, new QuarantineList { Plugins = entries }, RuntimeJson.Default.QuarantineList);
                file.Flush(flushToDisk: true);
            }
            File.Move(next, path, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            warn($"the quarantine of a plugin does not outlive this process: `{path}` cannot be written: {error.Message}");
        }
    }
}

/// <summary>Why a plugin is quarantined.</summary>
public sealed record QuarantineEntry
{
    public required PluginId Plugin { get; init; }
    public required string Reason { get; init; }
    public required DateTimeOffset Since { get; init; }
}

/// <summary>Content of the file.</summary>
internal sealed record QuarantineList
{
    public required ImmutableArray<QuarantineEntry> Plugins { get; init; }
}
