using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Calls;
using LazyOC.Plugins.Sandbox;
using LazyOC.Plugins.Sandbox.Quotas;

namespace LazyOC.Plugins.Runtime.Capabilities;

/// <summary>Plugins' log lines on their way out: without the plugin's secrets, cut to length, and dropped when a plugin writes too many. Thread safe.</summary>
/// <param name="quotas">Counts dropped lines as refusals of <see cref="QuotaClass.LogBytes"/>.</param>
/// <param name="limits">Of a line, and of lines.</param>
/// <param name="redact">Takes a plugin's secrets out of a text.</param>
/// <param name="sink">Where lines go. After lines that were dropped the next one follows a line that says how many.</param>
/// <param name="dropped">Told of each line that is dropped; must return at once.</param>
internal sealed class PluginLog(QuotaLedger quotas, SandboxLimits limits, Func<PluginId, string, string> redact, Action<PluginId, PluginLogLevel, string> sink, Action<PluginId> dropped)
{
    private const string Ellipsis = "…";

    private readonly ConcurrentDictionary<PluginId, long> _untold = new();

    public void Write(PluginId plugin, PluginLogLevel level, string line)
    {
        // First, for a cut could leave the half of a secret that nothing finds any more.
        var cut = Cut(redact(plugin, line));
        if (!quotas.TryTake(plugin, QuotaClass.LogBytes, limits.LogLineOverheadBytes + Encoding.UTF8.GetByteCount(cut), out _))
        {
            _untold.AddOrUpdate(plugin, 1, static (_, count) => count + 1);
            dropped(plugin);
            return;
        }
        if (_untold.TryRemove(plugin, out var untold))
            sink(plugin, PluginLogLevel.Warn, string.Create(CultureInfo.InvariantCulture, $"lazyoc: {untold} lines were dropped here: the plugin may log {limits.LogBytes.PerSecond * 60 / 1024:0} KiB a minute"));
        sink(plugin, level, cut);
    }

    private string Cut(string line)
    {
        if (Encoding.UTF8.GetByteCount(line) <= limits.LogLineBytes) return line;
        Span<byte> head = new byte[limits.LogLineBytes];
        Encoding.UTF8.GetEncoder().Convert(line, head, flush: false, out var chars, out _, out _);
        return line[..chars] + Ellipsis;
    }
}
