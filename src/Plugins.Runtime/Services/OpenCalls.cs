using System.Collections.Immutable;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Messages;

namespace LazyOC.Plugins.Runtime.Services;

/// <summary>
/// The service calls that are open, from plugin to plugin: known to the host alone, so no guest can say otherwise. Thread
/// safe.
/// </summary>
/// <remarks>
/// A JavaScript plugin may handle several messages at once, and for which of them it makes a call cannot be told for certain:
/// a promise of one may be awaited in another. So every service message that a plugin has open counts as one that its calls
/// are made for. That refuses now and then a call that would have ended, never lets one through that would not, and is
/// exact for WebAssembly, which handles one message at a time.
/// </remarks>
internal sealed class OpenCalls(RuntimeLimits limits)
{
    private readonly Lock _gate = new();
    private readonly List<Open> _open = [];

    /// <summary>Opens a call; dispose what comes of it when the call has ended. Null with the refusal when it may not be made.</summary>
    public IDisposable? TryBegin(PluginId caller, PluginId callee, out CallError? refusal)
    {
        lock (_gate)
        {
            refusal = null;
            if (_open.Count(call => call.Caller == caller) >= limits.ServiceCalls)
                refusal = new CallError(ErrorCode.QuotaExceeded, $"{limits.ServiceCalls} service calls of this plugin are open already");
            else if (!limits.ServicesMayCycle && WayBack(callee, caller) is { } way)
                refusal = new CallError(ErrorCode.Conflict, $"{callee} waits for {caller} itself: {string.Join(" → ", way.Add(callee))}");
            else if (DepthOf(caller) >= limits.ServiceDepth)
                refusal = new CallError(ErrorCode.Conflict, $"{limits.ServiceDepth} service calls wait for each other already");
            if (refusal is not null) return null;
            var open = new Open(this, caller, callee, DepthOf(caller) + 1);
            _open.Add(open);
            return open;
        }
    }

    private int DepthOf(PluginId plugin) => _open.Where(call => call.Callee == plugin).Select(call => call.Depth).DefaultIfEmpty(0).Max();

    /// <summary>The plugins on the shortest way from one to another along open calls; null when there is none.</summary>
    private ImmutableList<PluginId>? WayBack(PluginId from, PluginId to)
    {
        var waiting = new Queue<ImmutableList<PluginId>>([[from]]);
        var seen = new HashSet<PluginId> { from };
        while (waiting.TryDequeue(out var way))
        {
            if (way[^1] == to) return way;
            foreach (var call in _open)
                if (call.Caller == way[^1] && seen.Add(call.Callee)) waiting.Enqueue(way.Add(call.Callee));
        }
        return null;
    }

    private void End(Open call)
    {
        lock (_gate) _open.Remove(call);
    }

    private sealed class Open(OpenCalls calls, PluginId caller, PluginId callee, int depth) : IDisposable
    {
        public PluginId Caller => caller;

        public PluginId Callee => callee;

        /// <summary>How many calls wait for this one, itself included.</summary>
        public int Depth => depth;

        public void Dispose() => calls.End(this);
    }
}
