using LazyOC.Plugins.Contracts.Calls;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Runtime.Lifecycle;

namespace LazyOC.Plugins.Runtime.Http;

/// <summary>
/// The ports that one instance is asked on; they end with it. Those of an instance that has not taken over yet are only
/// noted. Thread safe.
/// </summary>
internal sealed class Listens(PluginInstance instance, ActorContext context, bool staged) : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly HashSet<int> _ports = [];
    private Task _opening = Task.CompletedTask;
    private bool _staged = staged;
    private bool _ended;

    /// <summary>Whether there is no port.</summary>
    public bool IsEmpty
    {
        get { lock (_gate) return _ports.Count == 0; }
    }

    /// <summary>Adds a port; null, or why not. Adding one twice changes nothing.</summary>
    public async Task<CallError?> AddAsync(int port, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_ended) return new CallError(ErrorCode.Cancelled, "this plugin instance has ended");
            if (_ports.Contains(port)) return null;
            if (_ports.Count >= context.Limits.ListenPorts) return new CallError(ErrorCode.QuotaExceeded, $"at most {context.Limits.ListenPorts} ports can be listened on");
            if (_staged && context.Ports.HeldByOther(port, instance) is { } held) return held;
            _ports.Add(port);
            if (_staged) return null;
        }
        if (await context.Ports.OpenAsync(port, instance, cancellationToken) is not { } error) return null;
        lock (_gate) _ports.Remove(port);
        return error;
    }

    /// <summary>
    /// Is asked from now on in the place of another instance: on the ports of both the socket stays as it is. A port that is
    /// new is opened by and by; the plugin's log tells when that fails.
    /// </summary>
    public void TakeOver(Listens before)
    {
        lock (_gate)
        {
            _staged = false;
            foreach (var port in _ports.ToArray())
                if (!context.Ports.TryHandOver(port, before.Owner, instance)) _opening = Task.WhenAll(_opening, OpenAsync(port));
        }
    }

    public async ValueTask DisposeAsync()
    {
        int[] ports;
        Task opening;
        lock (_gate)
        {
            _ended = true;
            (ports, opening) = ([.. _ports], _opening);
        }
        await opening;
        foreach (var port in ports) await context.Ports.CloseAsync(port, instance);
    }

    private PluginInstance Owner => instance;

    private async Task OpenAsync(int port)
    {
        await Task.Yield();
        if (await context.Ports.OpenAsync(port, instance, instance.Ended) is not { } error) return;
        lock (_gate) _ports.Remove(port);
        context.Log(instance.Principal.Id, PluginLogLevel.Error, $"http.listen: {error.Message}");
    }
}
