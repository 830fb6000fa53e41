using System.Text;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Calls;
using LazyOC.Plugins.Sandbox;
using LazyOC.Plugins.Sandbox.Quotas;

namespace LazyOC.Plugins.Runtime.Capabilities;

/// <summary>Plugins' log lines on their way out: without the plugin's secrets, cut to length, and dropped when a plugin writes too many. Thread safe.</summary>
/// <remarks>Dropped lines are counted by the ledger as refusals of <see cref="QuotaClass.LogBytes"/>.</remarks>
internal sealed class PluginLog(QuotaLedger quotas, SandboxLimits limits, Func<PluginId, string, string> redact, Action<PluginId, PluginLogLevel, string> sink)
{
    private const string Ellipsis = "…";

    public void Write(PluginId plugin, PluginLogLevel level, string line)
    {
        // First, for a cut could leave the half of a secret that nothing finds any more.
        var cut = Cut(redact(plugin, line));
        if (quotas.TryTake(plugin, QuotaClass.LogBytes, limits.LogLineOverheadBytes + Encoding.UTF8.GetByteCount(cut), out _)) sink(plugin, level, cut);
    }

    private string Cut(string line)
    {
        if (Encoding.UTF8.GetByteCount(line) <= limits.LogLineBytes) return line;
        Span<byte> head = new byte[limits.LogLineBytes];
        Encoding.UTF8.GetEncoder().Convert(line, head, flush: false, out var chars, out _, out _);
        return line[..chars] + Ellipsis;
    }
}
