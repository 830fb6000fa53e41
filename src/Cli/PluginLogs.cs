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

    private readonly Channel<(PluginId Plugin, string Line)> _lines =
        Channel.CreateBounded<(PluginId, string)>(new BoundedChannelOptions(MaxQueuedLines) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    private readonly string _directory;
    private readonly TimeProvider _time;
    private readonly Task _writing;

    public PluginLogs(string directory, TimeProvider time)
    {
        (_directory, _time) = (directory, time);
        _writing = Task.Run(WriteAllAsync);
    }

    /// <summary>The file of a plugin's latest lines.</summary>
    public static string FileOf(string directory, PluginId plugin) => Path.Combine(directory, $"{plugin}.log");

    /// <summary>The file of the lines before those.</summary>
    public static string EarlierFileOf(string directory, PluginId plugin) => FileOf(directory, plugin) + ".1";

    public void Write(PluginId plugin, PluginLogLevel level, string message) =>
        _lines.Writer.TryWrite((plugin, string.Create(
            CultureInfo.InvariantCulture, $"{_time.GetUtcNow():yyyy-MM-ddTHH:mm:ss.fffZ} {level.ToString().ToLowerInvariant(),-5} {Output.Printable(message)}\n")));

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
                await File.AppendAllTextAsync(file, line);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                await Console.Error.WriteLineAsync($"lazyoc: the log of {plugin} cannot be written: {error.Message}");
                return;
            }
        }
    }
}
