using System.Collections.Immutable;
using LazyOC.Cluster.Errors;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Permissions;
using LazyOC.Plugins.Runtime.Capabilities;
using LazyOC.Plugins.Runtime.Events;
using LazyOC.Plugins.Runtime.Extensions;
using LazyOC.Plugins.Runtime.Http;
using LazyOC.Plugins.Runtime.Lifecycle;
using LazyOC.Plugins.Runtime.Supervision;
using LazyOC.Plugins.Sandbox.Audit;
using LazyOC.Plugins.Sandbox.Broker;
using LazyOC.Plugins.Sandbox.Network;
using LazyOC.Plugins.Sandbox.Quotas;

namespace LazyOC.Plugins.Runtime;

/// <summary>
/// Runs the enabled plugins of one user: activates them when they are needed, supervises them and offers what they
/// contribute.
/// </summary>
/// <remarks>Thread safe. Nothing here waits for a guest unless it returns a task; nothing throws for what a guest does.</remarks>
public sealed partial class PluginHost : IAsyncDisposable
{
    private readonly PluginHostOptions _options;
    private readonly CapabilityBroker _broker;
    private readonly EventBus _bus;
    private readonly NetworkGateway _network;
    private readonly ActorContext _context;
    private readonly LogTails _logTails;
    private readonly SemaphoreSlim _switching = new(1);
    private volatile ImmutableDictionary<PluginId, PluginActor> _actors = ImmutableDictionary<PluginId, PluginActor>.Empty;
    private SessionScope _scope;

    private PluginHost(PluginHostOptions options)
    {
        _options = options;
        _scope = SessionScope.Of(options.Session, epoch: 1);
        _bus = new EventBus(options.Time);
        Extensions = new ExtensionPoints(() => _scope, options.Limits, options.Time);

        var quotas = new QuotaLedger(options.Sandbox, options.Time);
        var gestures = new GestureRegistry(options.Sandbox, options.Time, options.Random);
        var violations = new ViolationMonitor(options.Sandbox, options.Time, Apply);
        _logTails = new LogTails(options.Limits.LogTailLines, options.Time);
        var log = new PluginLog(quotas, options.Sandbox, (plugin, level, line) =>
        {
            _logTails.Add(plugin, level, line);
            options.Log(plugin, level, line);
        });
        Meter = new PluginMeter(() => Plugins, options.Time);
        _network = new NetworkGateway(new NetworkGatewayOptions
        {
            Network = options.Network,
            Cluster = new NetworkCluster { ApiServer = () => _scope.Cluster.Client.Options.Server, Token = ClusterTokenAsync },
            Limits = options.Sandbox,
            Quotas = quotas,
            Violations = violations,
            Audit = options.Audit,
            Time = options.Time,
        });
        _broker = new CapabilityBroker(
            new BrokerOptions
            {
                Calls = Rows(log),
                Limits = options.Sandbox,
                Quotas = quotas,
                Gestures = gestures,
                Violations = violations,
                Audit = options.Audit,
                Time = options.Time,
                Bug = options.Bug,
            },
            _scope.Session);
        _context = new ActorContext
        {
            Broker = _broker,
            Gestures = gestures,
            Quotas = quotas,
            Violations = violations,
            Bus = _bus,
            Ports = new LoopbackPorts(options.Limits, options.Bug),
            Accounts = new Accounts(),
            StartGuest = options.StartGuest,
            Time = options.Time,
            Limits = options.Limits,
            GuestLimits = options.GuestLimits,
            Supervision = options.Supervision,
            Log = log.Write,
            Bug = options.Bug,
            Moved = OnMoved,
            EventFailed = Extensions.Status.Fail,
            PendingChanged = Extensions.RaisePendingChanged,
        };
    }

    /// <summary>What the plugins add to the screen, and how to ask them for it.</summary>
    public ExtensionPoints Extensions { get; }

    /// <summary>State and use of resources of every plugin, by id.</summary>
    public ImmutableArray<PluginStatus> Plugins => [.. _actors.Values.OrderBy(actor => actor.Id).Select(actor => actor.Status)];

    internal EventBus Bus => _bus;

    /// <summary>What the plugins use over time.</summary>
    public PluginMeter Meter { get; }

    /// <summary>The latest lines that a plugin logged, newest last.</summary>
    public ImmutableArray<PluginLogLine> LogTail(PluginId plugin) => _logTails.Of(plugin);

    /// <summary>The latest lines of the audit about a plugin that this process wrote, newest last.</summary>
    public ImmutableArray<AuditLine> AuditTail(PluginId plugin) => _options.Audit.TailOf(plugin);

    /// <summary>Begins to run plugins; those with <c>onStartup</c> are being activated when this returns.</summary>
    public static async Task<PluginHost> StartAsync(PluginHostOptions options, CancellationToken cancellationToken = default)
    {
        var host = new PluginHost(options);
        await host.ApplyAsync(options.Plugins, cancellationToken);
        return host;
    }

    /// <summary>
    /// Ends the session: every instance is disposed, its calls end <c>cancelled</c>, gestures die, views close; then plugins
    /// start anew against the other cluster, user or read-only mode.
    /// </summary>
    public async Task SwitchSessionAsync(ClusterSession session, CancellationToken cancellationToken = default)
    {
        await _switching.WaitAsync(cancellationToken);
        try
        {
            _scope = SessionScope.Of(session, _scope.Session.Epoch + 1);
            await _broker.EnterSessionAsync(_scope.Session);
            _network.CloseConnections();
            Extensions.CloseViews();
            await Task.WhenAll(_actors.Values.Select(actor => actor.EnterSessionAsync(_scope)));
            foreach (var actor in _actors.Values) ActivateAtStart(actor);
        }
        finally
        {
            _switching.Release();
        }
    }

    /// <summary>Lets a quarantined or suspended plugin run again; false when it was neither.</summary>
    public bool Lift(PluginId plugin)
    {
        if (!_actors.TryGetValue(plugin, out var actor) || !actor.Lift()) return false;
        ActivateAtStart(actor);
        return true;
    }

    /// <summary>
    /// Shows in the plugin's own views that its author's next version cannot be built; what runs of it goes on. The next
    /// package, or null, takes the error away. False when no such plugin runs.
    /// </summary>
    public bool ReportBuildError(PluginId plugin, string? message)
    {
        if (!_actors.TryGetValue(plugin, out var actor)) return false;
        if (message is null && actor.BuildError is null) return true;
        actor.BuildError = message is null ? null : actor.Failure("build-failed", message);
        Extensions.RefreshViewsOf(plugin);
        return true;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _switching.WaitAsync();
        await Task.WhenAll(_actors.Values.Select(actor => actor.DisposeAsync().AsTask()));
        Extensions.CloseViews();
        await _broker.DisposeAsync();
        _network.Dispose();
        _switching.Dispose();
    }

    private ImmutableArray<HostCallRow> Rows(PluginLog log) =>
    [
        .. new PluginCalls(log, _options.Time, InstanceOf, _options.Limits.Subscriptions).Rows,
        .. new KubernetesCalls(plugin => InstanceOf(plugin)?.Scope, _options.Sandbox.AnswerBytes).Rows,
        .. new ScreenCalls(Extensions, IsCurrent).Rows,
        .. new UserCalls(Extensions, InstanceOf, _options.Limits).Rows,
        .. new HttpCalls(_network, InstanceOf, _options.Sandbox).Rows,
    ];

    private PluginInstance? InstanceOf(PluginPrincipal plugin) => _actors.GetValueOrDefault(plugin.Id)?.InstanceOf(plugin);

    private async ValueTask<string?> ClusterTokenAsync(PluginPrincipal plugin, CancellationToken cancellationToken)
    {
        try
        {
            return InstanceOf(plugin) is { } instance ? await instance.Scope.Cluster.Client.BearerTokenAsync(cancellationToken) : null;
        }
        catch (ClusterException)
        {
            // Whatever it is, the plugin is told that there is none; the user sees it at the cluster's own requests.
            return null;
        }
    }

    private bool IsCurrent(PluginPrincipal plugin) => ReferenceEquals(_actors.GetValueOrDefault(plugin.Id)?.Instance?.Principal, plugin);

    // Objects that are there are told as events, so a resource's first event comes with the session.
    private static bool StartsWithSession(PluginActor actor, string activation) =>
        ActivationEvent.TryParse(activation, out var parsed) && (parsed.Kind == ActivationKind.Startup
            || (parsed.Kind == ActivationKind.Event && actor.Plugin.Entry.Granted.Decide(new Demand.SubscribeEvents(parsed.Argument)) == Decision.Permitted));

    private void ActivateAtStart(PluginActor actor)
    {
        foreach (var activation in actor.Plugin.Manifest.Activation)
            if (StartsWithSession(actor, activation)) actor.Activate(activation);
    }

    private void Apply(Consequence consequence)
    {
        if (_actors.TryGetValue(consequence.Plugin, out var actor)) actor.Apply(consequence);
    }

    private void OnMoved(PluginActor actor, Transition moved)
    {
        // Kept first: a host that is killed now must not start the plugin again.
        if (moved.To == PluginState.Quarantined) _options.Quarantine?.Add(actor.Id, moved.Reason, _options.Time.GetUtcNow());
        else if (moved.From == PluginState.Quarantined) _options.Quarantine?.Remove(actor.Id);
        var from = moved.From.ToString().ToLowerInvariant();
        var to = moved.To.ToString().ToLowerInvariant();
        _options.Audit.Record(new AuditEvent
        {
            Plugin = actor.Id,
            Version = actor.Version,
            Digest = actor.Plugin.Entry.Digest.ToString(),
            Call = $"plugin.{to}",
            Target = $"from {from}",
            Decision = AuditDecision.Transition,
            Reason = moved.Reason,
        });
        _bus.Publish($"plugin.{to}", new PluginEvent(actor.Id.ToString(), actor.Version, from, to, moved.Reason), RuntimeJson.Default.PluginEvent);
        Extensions.OnMoved(actor, moved);
    }
}
