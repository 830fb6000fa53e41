using System.Collections.Immutable;
using LazyOC.Cluster.Errors;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Calls;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Contracts.Permissions;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Plugins.Runtime.Capabilities;
using LazyOC.Plugins.Runtime.Events;
using LazyOC.Plugins.Runtime.Extensions;
using LazyOC.Plugins.Runtime.Http;
using LazyOC.Plugins.Runtime.Lifecycle;
using LazyOC.Plugins.Runtime.Settings;
using LazyOC.Plugins.Runtime.State;
using LazyOC.Plugins.Runtime.Supervision;
using LazyOC.Plugins.Sandbox.Audit;
using LazyOC.Plugins.Sandbox.Broker;
using LazyOC.Plugins.Sandbox.Guests;
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
    private readonly ClusterEvents _clusterEvents;
    private readonly ScreenEvents _screenEvents;
    private readonly AuditEvents _auditEvents;
    private readonly NetworkGateway _network;
    private readonly ActorContext _context;
    private readonly LogTails _logTails;
    private readonly IDisposable? _watchingSettings;
    private readonly StartImages _images;
    private readonly Leaders _leaders;
    private readonly SemaphoreSlim _switching = new(1);
    private volatile ImmutableDictionary<PluginId, PluginActor> _actors = ImmutableDictionary<PluginId, PluginActor>.Empty;
    private SessionScope _scope;

    private PluginHost(PluginHostOptions options)
    {
        _options = options;
        _scope = SessionScope.Of(options.Session, epoch: 1);
        _bus = new EventBus(options.Time);
        _images = new StartImages(options.Limits.StartImages);
        _clusterEvents = new ClusterEvents(_bus);
        _screenEvents = new ScreenEvents(_bus, () => _scope.Cluster);
        Extensions = new ExtensionPoints(() => _scope, () => _broker!, _screenEvents, options.Limits, options.Time);

        var quotas = new QuotaLedger(options.Sandbox, options.Time);
        var gestures = new GestureRegistry(options.Sandbox, options.Time, options.Random);
        var violations = new ViolationMonitor(options.Sandbox, options.Time, OnViolation);
        _logTails = new LogTails(options.Limits.LogTailLines, options.Time);
        var log = new PluginLog(quotas, options.Sandbox, Redact, (plugin, level, line) =>
        {
            _logTails.Add(plugin, level, line);
            options.Log(plugin, level, line);
        }, OnLogDropped);
        _leaders = new Leaders(options.Data, (plugin, why) => log.Write(plugin, PluginLogLevel.Error, why));
        Meter = new PluginMeter(() => Plugins, options.Time);
        _network = new NetworkGateway(new NetworkGatewayOptions
        {
            Network = options.Settings is { Secrets: { } secrets } ? options.Network with { Secret = (plugin, name) => secrets.Get(plugin.Id, name) } : options.Network,
            Cluster = new NetworkCluster { ApiServer = () => _scope.Cluster.Client.Options.Server, Token = ClusterTokenAsync },
            Limits = options.Sandbox,
            Quotas = quotas,
            Violations = violations,
            Audit = options.Audit,
            Time = options.Time,
        });
        Calls = Rows(log);
        _broker = new CapabilityBroker(
            new BrokerOptions
            {
                Calls = Calls,
                Limits = options.Sandbox,
                Quotas = quotas,
                Gestures = gestures,
                Violations = violations,
                Audit = options.Audit,
                Leads = _leaders.Leads,
                Time = options.Time,
                Redact = Redact,
                Deprecated = (plugin, warning) => log.Write(plugin, PluginLogLevel.Warn, warning),
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
            Ports = new LoopbackPorts(options.ListenAddress, options.Limits, options.Bug),
            Leads = _leaders.Leads,
            Accounts = new Accounts(),
            StartGuest = options.StartGuest,
            Time = options.Time,
            Limits = options.Limits,
            GuestLimits = options.GuestLimits,
            Supervision = options.Supervision,
            Stores = new StoreFolder(options.Data, options.Limits, options.BeforeStep),
            Step = options.BeforeStep ?? (static _ => { }),
            Mounts = options.Mounts,
            Files = options.Files,
            Work = options.Work,
            FileUsed = OnFileUsed,
            Demanded = OnDemand,
            Escaped = OnEscaped,
            SandboxOf = options.SandboxOf,
            Policy = options.Policy,
            Log = log.Write,
            Settings = SettingsOf,
            Redact = Redact,
            Bug = options.Bug,
            Images = _images,
            Rest = RestAsync,
            HasViews = Extensions.HasViewsOf,
            Moved = OnMoved,
            Faulted = OnFaulted,
            Throttled = (actor, reason) =>
            {
                Record(actor, "plugin.throttled", reason);
                Extensions.RaiseChanged();
            },
            EventFailed = Extensions.Status.Fail,
            PendingChanged = Extensions.RaisePendingChanged,
        };
        _watchingSettings = options.Settings?.Watch(OnSettingsChanged);
        _clusterEvents.Enter(_scope.Cluster);
        _auditEvents = new AuditEvents(options.Audit, _bus, HearsAudit, options.Limits.AuditEventsPerSecond, options.Time);
    }

    /// <summary>What the plugins add to the screen, and how to ask them for it.</summary>
    public ExtensionPoints Extensions { get; }

    /// <summary>State and use of resources of every plugin, by id.</summary>
    public ImmutableArray<PluginStatus> Plugins => [.. _actors.Values.OrderBy(actor => actor.Id).Select(actor => actor.Status)];

    internal EventBus Bus => _bus;

    /// <summary>All a plugin can do.</summary>
    internal ImmutableArray<HostCallRow> Calls { get; }
    internal StartImages Images => _images;

    /// <summary>What the plugins use over time.</summary>
    public PluginMeter Meter { get; }

    /// <summary>The latest lines that a plugin logged, newest last.</summary>
    public ImmutableArray<PluginLogLine> LogTail(PluginId plugin) => _logTails.Of(plugin);

    /// <summary>The latest lines of the audit about a plugin that this process wrote, newest last.</summary>
    public ImmutableArray<AuditLine> AuditTail(PluginId plugin) => _options.Audit.TailOf(plugin);

    /// <summary>Begins to run plugins; those with <c>onStartup</c> are being activated when this returns.</summary>
    public static async Task<PluginHost> StartAsync(PluginHostOptions options, CancellationToken cancellationToken = default)
    {
        var host = new PluginHost(options.Capped());
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
            _clusterEvents.Leave();
            _scope = SessionScope.Of(session, _scope.Session.Epoch + 1);
            _screenEvents.Leave();
            if (!_options.LeavesInstancesInOtherSessions)
            {
                await _broker.EnterSessionAsync(_scope.Session);
                _network.CloseConnections();
                Extensions.CloseViews();
                await Task.WhenAll(_actors.Values.Select(actor => actor.EnterSessionAsync(_scope)));
            }
            _clusterEvents.Enter(session);
            foreach (var actor in _actors.Values) ActivateAtStart(actor);
        }
        finally
        {
            _switching.Release();
        }
    }

    /// <summary>
    /// Takes the lead of a plugin, unless another process of the home has it: whether this is the one that works unattended and listens
    /// for it. A plugin takes it by itself when it needs it.
    /// </summary>
    public bool TryLead(PluginId plugin) => _actors.ContainsKey(plugin) && _leaders.Leads(plugin);

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
        _watchingSettings?.Dispose();
        _clusterEvents.Dispose();
        _auditEvents.Dispose();
        await Task.WhenAll(_actors.Values.Select(actor => actor.DisposeAsync().AsTask()));
        Extensions.CloseViews();
        await _broker.DisposeAsync();
        _images.Dispose();
        _leaders.Dispose();
        _network.Dispose();
        _switching.Dispose();
    }

    private ImmutableArray<HostCallRow> Rows(PluginLog log) =>
    [
        .. new PluginCalls(log, _options.Time, InstanceOf, _options.Limits.Subscriptions).Rows,
        .. new KubernetesCalls(InstanceOf, _options.Sandbox, _options.Limits, _options.Time).Rows,
        .. new ScreenCalls(Extensions, IsCurrent, _options.Limits.Views).Rows,
        .. new FileCalls(plugin => InstanceOf(plugin)?.Files, _options.Files, _options.Work).Rows,
        .. new StorageCalls(StoreOf, _options.Limits, _options.Work).Rows,
        .. new UserCalls(Extensions, InstanceOf, _options.Limits).Rows,
        .. new ConfigCalls(InstanceOf).Rows,
        .. new EventCalls(_bus, InstanceOf, _options.Limits).Rows,
        .. new ServiceCalls(plugin => _actors.GetValueOrDefault(plugin), _options.Audit, _options.Time, _options.Limits).Rows,
        .. new MeasureCalls(plugin => InstanceOf(plugin) is null ? null : _actors.GetValueOrDefault(plugin.Id), _options.Limits).Rows,
        .. new TimerCalls(InstanceOf, _options.Limits).Rows,
        .. new CryptoCalls(_options.Random, _options.Limits).Rows,
        .. new LocalCalls(Extensions, _options.Audit, IsCurrent, _options.Limits).Rows,
        .. new HttpCalls(_network, Extensions, InstanceOf, _options.Sandbox, _options.Files, _options.Work).Rows,
        .. _options.MoreCalls,
    ];

    /// <summary>What the user has set for the plugins; null when every one has its defaults.</summary>
    public PluginSettings? Settings => _options.Settings;

    /// <summary>The settings of a plugin as they are now.</summary>
    public SettingValues SettingsOf(PluginManifest manifest) => _options.Settings?.Of(manifest) ?? SettingValues.DefaultsOf(manifest);

    /// <summary>Reads a plugin's settings again, because another process has changed them; its instance is told.</summary>
    public void ReloadSettings(PluginId plugin) => _options.Settings?.Reload(plugin);

    private string Redact(PluginId plugin, string text) => _options.Settings?.Secrets.Redact(plugin, text) ?? text;

    private void OnSettingsChanged(PluginId plugin, ImmutableArray<string> names)
    {
        if (_actors.TryGetValue(plugin, out var actor)) actor.TellSettings(names);
    }

    private PluginInstance? InstanceOf(PluginPrincipal plugin) => _actors.GetValueOrDefault(plugin.Id)?.InstanceOf(plugin);

    private StoreFile? StoreOf(PluginPrincipal plugin) => InstanceOf(plugin)?.Store ?? _context.Stores.MigratedBy(plugin);

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

    private bool HearsAudit(PluginId plugin) => _actors.GetValueOrDefault(plugin)?.Instance?.Subscriptions.Hears(HostTopics.AuditEntry) == true;

    private bool IsCurrent(PluginPrincipal plugin) => ReferenceEquals(_actors.GetValueOrDefault(plugin.Id)?.Instance?.Principal, plugin);

    // Objects that are there are told as events, so a resource's first event comes with the session.
    private static bool StartsWithSession(PluginActor actor, string activation) =>
        ActivationEvent.TryParse(activation, out var parsed) && (parsed.Kind == ActivationKind.Startup
            || (parsed.Kind == ActivationKind.Event && actor.May(new Demand.SubscribeEvents(parsed.Argument))));

    private void ActivateAtStart(PluginActor actor)
    {
        foreach (var activation in actor.Plugin.Manifest.Activation)
            if (StartsWithSession(actor, activation)) actor.Activate(activation);
    }

    private void OnFaulted(PluginActor actor, GuestFault fault) => _options.Audit.RecordRefusal(new AuditEvent
    {
        Plugin = actor.Id,
        Version = actor.Version,
        Digest = actor.Plugin.Entry.Digest.ToString(),
        Call = "plugin.fault",
        Decision = AuditDecision.Fault,
        // What a guest throws is its own text.
        Reason = fault.Kind == GuestFaultKind.Threw ? PluginActor.CodeOf(fault) : $"{PluginActor.CodeOf(fault)}: {fault.Message}",
    });

    private void OnLogDropped(PluginId plugin)
    {
        if (!_actors.TryGetValue(plugin, out var actor)) return;
        _options.Audit.RecordRefusal(new AuditEvent
        {
            Plugin = plugin,
            Version = actor.Version,
            Digest = actor.Plugin.Entry.Digest.ToString(),
            Call = "log.write",
            Decision = AuditDecision.Refused,
            Reason = ErrorCode.QuotaExceeded,
        });
    }

    private void OnMoved(PluginActor actor, Transition moved)
    {
        // Kept first: a host that is killed now must not start the plugin again.
        if (moved.To == PluginState.Quarantined) _options.Quarantine?.Add(actor.Id, moved.Reason, _options.Time.GetUtcNow());
        else if (moved.From == PluginState.Quarantined) _options.Quarantine?.Remove(actor.Id);
        if (moved.To is PluginState.Quarantined or PluginState.Suspended or PluginState.Blocked) _leaders.Release(actor.Id);
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
        _bus.Publish(HostTopics.PluginPrefix + to, new PluginEvent { Plugin = actor.Id.ToString(), Version = actor.Version, From = from, To = to, Reason = moved.Reason }, ContractJson.Default.PluginEvent);
        // What a guest throws is its own text, and has no place in the host's words.
        if (moved is { To: PluginState.Quarantined, Failure: { Code: not ErrorCode.PermissionDenied } failure }) Tell(actor, $"is quarantined: it failed too often, the last time by `{failure.Code}`", LiftHint(actor), TextStyle.Error);
        Extensions.OnMoved(actor, moved);
    }
}
