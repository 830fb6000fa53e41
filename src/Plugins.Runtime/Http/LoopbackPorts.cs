using System.Net;
using System.Net.Sockets;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Runtime.Lifecycle;

namespace LazyOC.Plugins.Runtime.Http;

/// <summary>The sockets that the host has opened for plugins, and which instance is asked through each. Thread safe.</summary>
/// <param name="address">Where.</param>
/// <param name="limits">Bounds.</param>
/// <param name="bug">Told of faults of the host's own.</param>
internal sealed class LoopbackPorts(IPAddress address, RuntimeLimits limits, Action<string, Exception> bug)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<int, Entry> _entries = [];

    /// <summary>Opens a port for an instance, or takes it over from an instance of the same plugin that has ended; null, or why not.</summary>
    public async Task<CallError?> OpenAsync(int port, PluginInstance instance, CancellationToken cancellationToken)
    {
        while (true)
        {
            Entry entry;
            bool isNew, isClosing;
            lock (_gate)
            {
                isNew = !_entries.TryGetValue(port, out entry!);
                if (isNew) _entries.Add(port, entry = new Entry(instance));
                isClosing = entry.Closed is not null;
                if (!isClosing && !IsFor(entry, instance)) return InUse(port);
                if (!isClosing) entry.Route = instance;
            }
            if (isNew) return await StartAsync(port, entry, instance);
            if (isClosing)
            {
                await entry.Closed!.Task.WaitAsync(cancellationToken);
                continue;
            }
            await entry.Opened.Task.WaitAsync(cancellationToken);
            if (entry.Server is not null) return null;
        }
    }

    /// <summary>Whether a port is another plugin's: the complaint, or null.</summary>
    public CallError? HeldByOther(int port, PluginInstance instance)
    {
        lock (_gate) return _entries.TryGetValue(port, out var entry) && entry.Route.Principal.Id != instance.Principal.Id ? InUse(port) : null;
    }

    /// <summary>From now on another instance is asked; the socket stays as it is. False when the first one is not asked there.</summary>
    public bool TryHandOver(int port, PluginInstance from, PluginInstance to)
    {
        lock (_gate)
        {
            if (!_entries.TryGetValue(port, out var entry) || entry.Route != from || entry.Closed is not null) return false;
            entry.Route = to;
            return true;
        }
    }

    /// <summary>Closes a port, if it is this instance that is asked there.</summary>
    public async Task CloseAsync(int port, PluginInstance instance)
    {
        Entry entry;
        lock (_gate)
        {
            if (!_entries.TryGetValue(port, out entry!) || entry.Route != instance || entry.Closed is not null) return;
            entry.Closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        await entry.Opened.Task;
        if (entry.Server is not null) await entry.Server.DisposeAsync();
        Remove(port, entry);
        entry.Closed.SetResult();
    }

    private async Task<CallError?> StartAsync(int port, Entry entry, PluginInstance instance)
    {
        var exchange = new HttpExchange(port, () => entry.Route, limits);
        var server = new LoopbackServer(address, port, limits, exchange.AnswerAsync, bug);
        try
        {
            // Not to be cancelled: what is half open could not be closed.
            await server.StartAsync();
            entry.Server = server;
        }
        catch (Exception failure) when (failure is IOException or SocketException)
        {
            await server.DisposeAsync();
            Remove(port, entry);
            return failure is IOException ? InUse(port) : new CallError(ErrorCode.Unavailable, $"port {port} cannot be listened on: {failure.Message}");
        }
        finally
        {
            entry.Opened.SetResult();
        }
        // It may have ended before there was something to close.
        if (!instance.Ended.IsCancellationRequested) return null;
        await CloseAsync(port, instance);
        return new CallError(ErrorCode.Cancelled, "this plugin instance has ended");
    }

    private void Remove(int port, Entry entry)
    {
        lock (_gate)
            if (_entries.GetValueOrDefault(port) == entry) _entries.Remove(port);
    }

    // An instance that was stopped may not have closed its ports yet when the next one of its plugin opens them.
    private static bool IsFor(Entry entry, PluginInstance instance) =>
        entry.Route == instance || (entry.Route.Principal.Id == instance.Principal.Id && entry.Route.IsStopped);

    private static CallError InUse(int port) => new(ErrorCode.Conflict, $"port {port} is in use by another program or plugin");

    private sealed class Entry(PluginInstance route)
    {
        private volatile PluginInstance _route = route;

        /// <summary>The instance that is asked.</summary>
        public PluginInstance Route { get => _route; set => _route = value; }

        /// <summary>Completes when the socket is open, or could not be opened.</summary>
        public TaskCompletionSource Opened { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Once it is open.</summary>
        public LoopbackServer? Server { get; set; }

        /// <summary>Completes when the socket is closed; null as long as nobody closes it.</summary>
        public TaskCompletionSource? Closed { get; set; }
    }
}
