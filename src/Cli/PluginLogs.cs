using System.Collections.Concurrent;
using System.Globalization;
using System.Threading.Channels;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Calls;

namespace LazyOC.Cli;

/// <summary>Writes what plugins log to one file a plugin, <c>log/ID.log</c>, newest last. Thread safe.</summary>
/// <remarks>A file that has grown beyond <see cref="MaxFileBytes"/> is begun anew, the one before kept as <c>ID.log.1</c>.</remarks>
internal sealed class PluginLogs : IAsyncDisposable
{
    private const long MaxFileBytes = 1 << 20;
    private const int MaxQueuedLines = 4_096;

    private readonly Channel<(PluginId Plugin, string Line)> _lines;

    /// <summary>Lines of each plugin that were dropped because the disk is slower than plugins are, since the file last said so.</summary>
    private readonly ConcurrentDictionary<PluginId, long> _dropped = new();

    private readonly string _directory;
    private readonly TimeProvider _time;
    private readonly Task _writing;

    public PluginLogs(string directory, TimeProvider time)
    {
        (_directory, _time) = (directory, time);
        _lines = Channel.CreateBounded<(PluginId Plugin, string Line)>(
            new BoundedChannelOptions(MaxQueuedLines) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true },
            dropped => _dropped.AddOrUpdate(dropped.Plugin, 1, static (_, count) => count + 1));
        _writing = Task.Run(WriteAllAsync);
    }

    /// <summary>The file of a plugin's latest lines.</summary>
    public static string FileOf(string directory, PluginId plugin) => Path.Combine(directory, $"{plugin}.log");

    /// <summary>The file of the lines before those.</summary>
    public static string EarlierFileOf(string directory, PluginId plugin) => FileOf(directory, plugin) + ".1";

    public void Write(PluginId plugin, PluginLogLevel level, string message) =>
        _lines.Writer.TryWrite((plugin, LineOf(level, message)));

    private string LineOf(PluginLogLevel level, string message) => string.Create(
        CultureInfo.InvariantCulture, $"{_time.GetUtcNow():yyyy-MM-ddTHH:mm:ss.fffZ} {level.ToString().ToLowerInvariant(),-5} {Output.Printable(message)}\n");

    public async ValueTask DisposeAsync()
    {
        _lines.Writer.Complete();
        await _writing;
    }

    private async Task WriteAllAsync()
    {
        await foreach (var (plugin, line) in _lines.Reader.ReadAllAsync())
        {
            try
            {
                Directory.CreateDirectory(_directory);
                var file = FileOf(_directory, plugin);
                if (new FileInfo(file) is { Exists: true, Length: > MaxFileBytes }) File.Move(file, EarlierFileOf(_directory, plugin), overwrite: true);
                var lost = _dropped.TryRemove(plugin, out var dropped) ? LineOf(PluginLogLevel.Warn, string.Create(CultureInfo.InvariantCulture, $"lazyoc: {dropped} lines were dropped here: they came faster than they could be written")) : "";
                await File.AppendAllTextAsync(file, lost + line);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                await Console.Error.WriteLineAsync($"lazyoc: the log of {plugin} cannot be written: {error.Message}");
                return;
            }
        }
    }
}
