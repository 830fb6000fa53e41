using LazyOC.Plugins.Contracts.Calls;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Runtime.Lifecycle;
using LazyOC.Plugins.Sandbox.Broker;

namespace LazyOC.Plugins.Runtime.Http;

/// <summary>
/// The ports that one instance is asked on; they end with it. Those of an instance that has not taken over yet are only
/// noted, and so are those of a process that does not lead the plugin: they are opened once it does. Thread safe.
/// </summary>
internal sealed class Listens(PluginInstance instance, ActorContext context, bool staged) : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly HashSet<int> _ports = [];
    private readonly HashSet<int> _open = [];
    private Task _opening = Task.CompletedTask;
    private bool _isOpening;
    private bool _staged = staged;
    private bool _ended;

    /// <summary>Whether there is no port.</summary>
    public bool IsEmpty
    {
        get { lock (_gate) return _ports.Count == 0; }
    }

    private PluginInstance Owner => instance;

    /// <summary>Adds a port: whether it is listened on already, or why it never is. Adding one twice changes nothing.</summary>
    public async Task<CallOutcome<HttpListenAnswer>> AddAsync(int port, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_ended) return new CallError(ErrorCode.Cancelled, "this plugin instance has ended");
            if (_ports.Contains(port)) return new HttpListenAnswer { Listening = _open.Contains(port) };
            if (_ports.Count >= context.Limits.ListenPorts) return new CallError(ErrorCode.QuotaExceeded, $"at most {context.Limits.ListenPorts} ports can be listened on");
            if (_staged && context.Ports.HeldByOther(port, instance) is { } held) return held;
            _ports.Add(port);
            if (_staged) return new HttpListenAnswer { Listening = false };
        }
        if (!context.Leads(instance.Principal.Id))
        {
            context.Log(instance.Principal.Id, PluginLogLevel.Info, $"http.listen: another LazyOC of this home serves this plugin; port {port} is opened here when that one has ended");
            OpenByAndBy();
            return new HttpListenAnswer { Listening = false };
        }
        var error = await context.Ports.OpenAsync(port, instance, cancellationToken);
        lock (_gate)
        {
            if (error is null) _open.Add(port);
            else _ports.Remove(port);
        }
        return error is null ? new HttpListenAnswer { Listening = true } : error;
    }

    /// <summary>
    /// Is asked from now on in the place of another instance: on the ports of both the socket stays as it is. A port that is
    /// not open yet is opened by and by; the plugin's log tells when that fails.
    /// </summary>
    public void TakeOver(Listens before)
    {
        lock (_gate)
        {
            _staged = false;
            foreach (var port in _ports)
                if (context.Ports.TryHandOver(port, before.Owner, instance)) _open.Add(port);
        }
        OpenByAndBy();
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

    private void OpenByAndBy()
    {
        lock (_gate)
        {
            if (_isOpening || _ended || _ports.IsSubsetOf(_open)) return;
            _isOpening = true;
            _opening = Task.Run(OpenMissingAsync, CancellationToken.None);
        }
    }

    /// <summary>Opens what is not open, again and again until all of it is: nothing tells when another process ends.</summary>
    private async Task OpenMissingAsync()
    {
        var complained = new HashSet<int>();
        try
        {
            while (TakeMissing() is { } missing)
            {
                if (context.Leads(instance.Principal.Id))
                    foreach (var port in missing) await TryOpenAsync(port, complained);
                await Task.Delay(context.Limits.LeaderInterval, context.Time, instance.Ended);
            }
        }
        catch (OperationCanceledException) when (instance.Ended.IsCancellationRequested)
        {
            // It is listened on by the next instance.
        }
    }

    private async Task TryOpenAsync(int port, HashSet<int> complained)
    {
        if (await context.Ports.OpenAsync(port, instance, instance.Ended) is { } error)
        {
            if (complained.Add(port)) context.Log(instance.Principal.Id, PluginLogLevel.Error, $"http.listen: {error.Message}; it is tried again");
            return;
        }
        lock (_gate) _open.Add(port);
        context.Log(instance.Principal.Id, PluginLogLevel.Info, $"http.listen: port {port} is listened on here now");
    }

    private int[]? TakeMissing()
    {
        lock (_gate)
        {
            int[] missing = [.. _ports.Except(_open)];
            if (missing is not [] && !_ended) return missing;
            _isOpening = false;
            return null;
        }
    }
}
