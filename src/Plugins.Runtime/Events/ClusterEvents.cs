using System.Text.Json;
using LazyOC.Cluster.Errors;
using LazyOC.Cluster.Watch;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Messages;

namespace LazyOC.Plugins.Runtime.Events;

/// <summary>Tells which session is open and whether its cluster answers, as its client says. Thread safe.</summary>
internal sealed class ClusterEvents(EventBus bus) : IDisposable
{
    private const string Opened = "opened";
    private const string Closed = "closed";

    private readonly Lock _gate = new();
    private ClusterSession? _session;
    private ConnectionPhase _told;

    /// <summary>A session begins.</summary>
    public void Enter(ClusterSession session)
    {
        lock (_gate)
        {
            (_session, _told) = (session, ConnectionPhase.Connecting);
            session.Client.StateChanged += OnStateChanged;
            bus.Publish(HostTopics.Context, ContextOf(session, Opened), ContractJson.Default.ClusterContext);
            TellConnection(session);
        }
    }

    /// <summary>The session is about to end.</summary>
    public void Leave()
    {
        lock (_gate)
        {
            if (_session is not { } session) return;
            _session = null;
            session.Client.StateChanged -= OnStateChanged;
            bus.Publish(HostTopics.Context, ContextOf(session, Closed), ContractJson.Default.ClusterContext);
            bus.Forget(HostTopics.Context, HostTopics.Connection);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_session is { } session) session.Client.StateChanged -= OnStateChanged;
            _session = null;
        }
    }

    private void OnStateChanged(object? sender, EventArgs e)
    {
        lock (_gate)
        {
            if (_session is { } session && ReferenceEquals(session.Client, sender)) TellConnection(session);
        }
    }

    // What it was between two looks is told to nobody: the client's state is the latest whatever thread asks.
    private void TellConnection(ClusterSession session)
    {
        var state = session.Client.State;
        if (state.Phase == _told) return;
        _told = state.Phase;
        if (state.Phase == ConnectionPhase.Connected)
            bus.Publish(HostTopics.Connected, new ClusterConnected { Context = session.Context }, ContractJson.Default.ClusterConnected);
        else if (state.Phase == ConnectionPhase.Reconnecting)
            bus.Publish(HostTopics.Disconnected, DisconnectedOf(session, state.Cause), ContractJson.Default.ClusterDisconnected);
    }

    // The failure's own words may name servers and proxies, which are not the plugin's business.
    private static ClusterDisconnected DisconnectedOf(ClusterSession session, ClusterException? cause) => new()
    {
        Context = session.Context,
        Reason = cause is null ? "unknown" : JsonNamingPolicy.KebabCaseLower.ConvertName(cause.GetType().Name.Replace("Exception", "", StringComparison.Ordinal)),
        Retry = cause?.IsTransient ?? true,
    };

    private static ClusterContext ContextOf(ClusterSession session, string state) => new()
    {
        State = state,
        Context = session.Context,
        Namespace = session.Namespace,
        ReadOnly = session.ReadOnly,
    };
}
