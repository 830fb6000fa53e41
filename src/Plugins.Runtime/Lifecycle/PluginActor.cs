using System.Text.Json;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Calls;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Contracts.Permissions;
using LazyOC.Plugins.Packages;
using LazyOC.Plugins.Runtime.Extensions;
using LazyOC.Plugins.Runtime.Supervision;
using LazyOC.Plugins.Sandbox.Guests;
using LazyOC.Plugins.Sandbox.Quotas;

namespace LazyOC.Plugins.Runtime.Lifecycle;

/// <summary>
/// One plugin over the life of its host: its state, its instance in the current session, and what follows from its faults
/// and violations. Thread safe.
/// </summary>
internal sealed partial class PluginActor : IAsyncDisposable
{
    private readonly ActorContext _context;
    private readonly FaultHistory _faults;
    private readonly CpuShare _cpu;
    private readonly ITimer _restart;
    private readonly ITimer _rest;
    private readonly Lock _gate = new();
    private InstalledPlugin _plugin;
    private SessionScope _scope;
    private PluginState _state = PluginState.Enabled;
    private DateTimeOffset _since;
    private string? _reason;
    private PluginFailure? _stoppedBy;
    private PluginInstance? _instance;
    private PluginInstance? _candidate;
    private Task<Start>? _starting;
    private Task _cleanup = Task.CompletedTask;
    private ProfileRecorder? _profile;
    private PluginStart? _lastStart;
    private bool _disposed;

    public PluginActor(InstalledPlugin plugin, ActorContext context, SessionScope scope)
    {
        _plugin = plugin;
        _context = context;
        _scope = scope;
        _since = context.Time.GetUtcNow();
        _faults = new FaultHistory(context.Supervision, context.Time);
        var sandbox = context.SandboxOf(plugin.Entry.Limits);
        _cpu = new CpuShare(sandbox.Cpu, sandbox.MaxThrottle, context.Time);
        context.Quotas.SetRates(plugin.Manifest.Id, sandbox);
        Metrics = new Metrics(context.Limits.Metrics);
        Times = new MessageTimes(context.Limits, context.Time);
        _restart = context.Time.CreateTimer(_ => Restart(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _rest = context.Time.CreateTimer(_ => _ = context.Rest(this), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The package that runs, and what it may do.</summary>
    public InstalledPlugin Plugin
    {
        get { lock (_gate) return _plugin; }
    }

    public PluginId Id => Plugin.Manifest.Id;

    public string Version => Plugin.Manifest.Version.ToString();

    public string Name => Plugin.Manifest.DisplayName;

    public PluginState State
    {
        get { lock (_gate) return _state; }
    }

    /// <summary>What keeps it from running; null when nothing does.</summary>
    public PluginFailure? StoppedBy
    {
        get { lock (_gate) return _stoppedBy; }
    }

    /// <summary>Its author's next version cannot be built, which is shown in place of its views; null when it can.</summary>
    public PluginFailure? BuildError
    {
        get { lock (_gate) return field; }
        set { lock (_gate) field = value; }
    }

    /// <summary>The running instance, or the one being started.</summary>
    public PluginInstance? Instance
    {
        get { lock (_gate) return _instance; }
    }

    /// <summary>What it measured of itself.</summary>
    public Metrics Metrics { get; }

    /// <summary>Records what it does, while somebody wants to know.</summary>
    public ProfileRecorder? Profile => Volatile.Read(ref _profile);

    /// <summary>How long its messages take.</summary>
    public MessageTimes Times { get; }

    public PluginStatus Status
    {
        get
        {
            lock (_gate)
            {
                var usage = _instance?.Usage ?? default;
                var past = _context.Accounts.PastOf(Id);
                return new PluginStatus
                {
                    Id = Id,
                    Name = Name,
                    Version = Version,
                    State = _state,
                    Since = _since,
                    Reason = _reason ?? ThrottledFor,
                    Latency = Times.Latency,
                    Timings = Times.ByType,
                    Metrics = Metrics.All,
                    Unsigned = Plugin.Entry.IsUnsigned,
                    Start = _lastStart,
                    Account = past with
                    {
                        Cpu = past.Cpu + usage.Cpu,
                        MemoryBytes = usage.MemoryBytes,
                        Messages = past.Messages + usage.Messages,
                        Calls = _context.Quotas.CountOf(Id, QuotaClass.HostCalls).Taken,
                        Refused = _context.Violations.CountsOf(Id).Total,
                    },
                };
            }
        }
    }

    /// <summary>Starts the plugin if it is not running and nothing stops it.</summary>
    public void Activate(string activationEvent) => _ = StartAsync(activationEvent);

    /// <summary>Asks the plugin, which is started for it when it does not run.</summary>
    public async Task<Reply> AskAsync(string activationEvent, Request request, CancellationToken cancellationToken)
    {
        if (request.Type == MessageType.Render && BuildError is { } error) return new Reply.Failed(error);
        while (true)
        {
            switch (await StartAsync(activationEvent).WaitAsync(cancellationToken))
            {
                case Start.Running running:
                    if (await running.Instance.AskAsync(request, cancellationToken) is { } reply) return reply;
                    break;
                case Start.Stopped stopped:
                    return new Reply.Failed(stopped.Failure);
                case var other:
                    throw new InvalidOperationException($"A start ended in {other}.");
            }
        }
    }

    /// <summary>Leaves the session: the instance is disposed, the next one belongs to the new session.</summary>
    public async Task EnterSessionAsync(SessionScope scope)
    {
        Transition? moved;
        Task cleanup;
        lock (_gate)
        {
            _scope = scope;
            // What it knows of one cluster is not for another.
            _kept = null;
            moved = StopInstance("the session changed") is null && _state is not (PluginState.Faulted or PluginState.Hibernated) ? null : Move(PluginState.Enabled, "the session changed", null);
            cleanup = _cleanup;
        }
        Announce(moved);
        await cleanup;
    }

    /// <summary>A message failed by the guest's doing, or the guest is gone. Only counted when a refused call is all there is to it.</summary>
    public void OnFault(PluginInstance instance, GuestFault fault)
    {
        Transition? moved;
        lock (_gate)
        {
            if (_instance != instance || _disposed) return;
            _context.Accounts.AddFault(Id);
            if (UncaughtRefusal.Is(fault)) return;
            moved = Apply(_faults.Add(fault.InstanceLost), Failure(fault));
        }
        _context.Log(Id, PluginLogLevel.Error, fault.Stack is { Length: > 0 } stack ? $"{fault.Message}\n{stack}" : fault.Message);
        _context.Faulted(this, fault);
        Announce(moved);
    }

    /// <summary>Whether it may do something in the present session.</summary>
    public bool May(Demand demand)
    {
        lock (_gate) return PluginInstance.PrincipalOf(_plugin, _context, _scope).MayReceive(demand);
    }

    /// <summary>Begins to record; false when somebody else does.</summary>
    public bool TryBeginProfile(ProfileRecorder recorder) => Interlocked.CompareExchange(ref _profile, recorder, null) is null;

    public void EndProfile() => Volatile.Write(ref _profile, null);

    public PluginFailure Failure(string code, string message) => new(Id, Name, code, _context.Redact(Id, message));

    public PluginFailure Failure(GuestFault fault) =>
        new(Id, Name, CodeOf(fault), _context.Redact(Id, fault.Message), fault.Stack is { } stack ? _context.Redact(Id, stack) : null);

    /// <summary>A fault's kind as it is shown: <c>out-of-memory</c>.</summary>
    public static string CodeOf(GuestFault fault) => JsonNamingPolicy.KebabCaseLower.ConvertName(fault.Kind.ToString());

    public ValueTask DisposeAsync() => EndAsync("LazyOC is closing");

    /// <summary>Ends for good.</summary>
    public async ValueTask EndAsync(string reason)
    {
        Task cleanup;
        lock (_gate)
        {
            _disposed = true;
            StopInstance(reason);
            cleanup = _cleanup;
        }
        await _restart.DisposeAsync();
        await _rest.DisposeAsync();
        await cleanup;
    }

    private Task<Start> StartAsync(string activationEvent)
    {
        Transition? moved = null;
        Task<Start> starting;
        TaskCompletionSource? announced = null;
        lock (_gate)
        {
            if (_disposed) return Task.FromResult<Start>(new Start.Stopped(Failure(ErrorCode.Cancelled, "it has ended")));
            if (_stoppedBy is { } failure) return Task.FromResult<Start>(new Start.Stopped(failure));
            if (_starting is null)
            {
                var instance = _instance = new PluginInstance(this, _plugin, _context, _scope);
                announced = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _starting = StartInstanceAsync(instance, activationEvent, TakeKept(), announced.Task);
                moved = Move(PluginState.Activating, activationEvent, null);
            }
            starting = _starting;
        }
        Announce(moved);
        announced?.SetResult();
        return starting;
    }

    private async Task<Start> StartInstanceAsync(PluginInstance instance, string activationEvent, KeptState? kept, Task announced)
    {
        // What comes of the start is told after its beginning.
        await announced;
        var began = _context.Time.GetTimestamp();
        return await instance.LoadAsync() is { } notLoaded ? StartFailed(instance, notLoaded)
            : await MigrateAsync(instance) is { } notMigrated ? StartFailed(instance, notMigrated)
            : await instance.ActivateAsync(activationEvent) is { } notActivated ? StartFailed(instance, notActivated)
            : kept is not null && await instance.HydrateAsync(kept) is { } notHydrated ? StartFailed(instance, notHydrated)
            : Started(instance, began);
    }

    private Start Started(PluginInstance instance, long began)
    {
        Transition moved;
        lock (_gate)
        {
            if (_instance != instance) return new Start.Stopped(Failure(ErrorCode.Cancelled, "its instance was stopped while it started"));
            moved = Move(PluginState.Active, "activated", null);
            _lastStart = new PluginStart(_context.Time.GetElapsedTime(began), instance.Usage.Cpu);
        }
        instance.StartDelivery();
        Announce(moved);
        LookForRest(true);
        return new Start.Running(instance);
    }

    private Start.Stopped StartFailed(PluginInstance instance, GuestFault fault)
    {
        OnFault(instance, fault with { InstanceLost = true });
        return new Start.Stopped(Failure(fault));
    }

    private Transition? Apply(FaultVerdict verdict, PluginFailure failure)
    {
        switch (verdict)
        {
            case FaultVerdict.Restart restart:
                _context.Accounts.AddRestart(Id);
                _restart.Change(restart.Pause, Timeout.InfiniteTimeSpan);
                return Stop(PluginState.Faulted, $"{failure.Code}: {failure.Message}", failure);
            case FaultVerdict.Quarantine quarantine:
                return Stop(PluginState.Quarantined, $"{quarantine.Reason}, the last time {failure.Code}: {failure.Message}", failure);
            default:
                return null;
        }
    }

    private void Restart()
    {
        lock (_gate)
        {
            if (_state != PluginState.Faulted || _disposed) return;
            _stoppedBy = null;
        }
        Activate("restart");
    }

    private Transition? Stop(PluginState state, string reason, PluginFailure failure)
    {
        if (_disposed || _state is PluginState.Quarantined or PluginState.Blocked || _state == state) return null;
        StopInstance(null);
        return Move(state, reason, failure);
    }

    /// <param name="goodbye">What the guest is told; null when it is in no state to be told anything.</param>
    private PluginInstance? StopInstance(string? goodbye)
    {
        var instance = _instance;
        var starting = _starting;
        _instance = null;
        _starting = null;
        if (!_disposed) LookForRest(false);
        if (instance is not null) _cleanup = EndAsync(_cleanup, instance, starting, goodbye);
        return instance;
    }

    private async Task EndAsync(Task before, PluginInstance instance, Task? starting, string? goodbye)
    {
        await Task.Yield();
        await before;
        if (goodbye is not null) await instance.DeactivateAsync(goodbye);
        _context.Accounts.AddPast(Id, instance.Usage);
        await instance.DisposeAsync();
        if (starting is not null) await starting;
    }

    private Transition Move(PluginState to, string reason, PluginFailure? failure)
    {
        var moved = new Transition(_state, to, reason, failure);
        _state = to;
        _since = _context.Time.GetUtcNow();
        _reason = to is PluginState.Active or PluginState.Enabled ? null : reason;
        _stoppedBy = failure;
        return moved;
    }

    private void Announce(Transition? moved)
    {
        if (moved is not null) _context.Moved(this, moved);
    }

    private abstract record Start
    {
        private Start() { }

        public sealed record Running(PluginInstance Instance) : Start;

        public sealed record Stopped(PluginFailure Failure) : Start;
    }
}
