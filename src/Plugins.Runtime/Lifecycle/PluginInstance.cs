using System.Globalization;
using System.Text.Json;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Calls;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Contracts.Permissions;
using LazyOC.Plugins.Packages;
using LazyOC.Plugins.Runtime.Events;
using LazyOC.Plugins.Runtime.Extensions;
using LazyOC.Plugins.Runtime.HotSwap;
using LazyOC.Plugins.Runtime.Http;
using LazyOC.Plugins.Runtime.Settings;
using LazyOC.Plugins.Runtime.State;
using LazyOC.Plugins.Runtime.Supervision;
using LazyOC.Plugins.Sandbox.Broker;
using LazyOC.Plugins.Sandbox.Files;
using LazyOC.Plugins.Sandbox.Guests;

namespace LazyOC.Plugins.Runtime.Lifecycle;

/// <summary>
/// One guest of a plugin within one session, its mailbox and its subscriptions. Events go in one at a time, in order;
/// requests beside them, bounded.
/// </summary>
internal sealed partial class PluginInstance : IAsyncDisposable
{
    private readonly PluginActor _actor;
    private readonly ActorContext _context;
    private readonly CancellationTokenSource _ends = new();
    private readonly CancellationToken _ended;
    private readonly MessageGate _messages = new();
    private readonly StagedCalls? _staged;
    private readonly Lock _gate = new();
    private CancellationTokenSource _interrupts = new();
    private IGuest? _guest;
    private Task _pump = Task.CompletedTask;
    private long _lastMessage;
    private int _requests;
    private int _sending;
    private int _calls;
    private int _awake;
    private int _unkept;
    private long _lastActive;
    private volatile bool _isActivated;
    private volatile bool _isRevoked;
    private bool _disposed;

    /// <param name="actor">Whose instance it is.</param>
    /// <param name="plugin">The package, and what it may do.</param>
    /// <param name="context">What every actor shares.</param>
    /// <param name="scope">The session it belongs to.</param>
    /// <param name="staged">It runs beside another instance, to take over from it or to be given up: until then it has no effect outside.</param>
    /// <param name="mailbox">That instance's mailbox; null for one of its own.</param>
    public PluginInstance(PluginActor actor, InstalledPlugin plugin, ActorContext context, SessionScope scope, bool staged = false, Mailbox? mailbox = null)
    {
        _actor = actor;
        _context = context;
        _ended = _ends.Token;
        Plugin = plugin;
        Scope = scope;
        Principal = PrincipalOf(plugin, context, scope);
        Mailbox = mailbox ?? new Mailbox(context.Limits.MailboxEvents);
        Timers = new Timers(this, context, staged);
        Subscriptions = new Subscriptions(this, context, staged, _ended);
        Files = FilesOf();
        Store = context.Stores.FileOf(plugin);
        Watches = new OpenWatches(this, context, staged, _ended);
        Listens = new Listens(this, context, staged);
        if (staged) _staged = new StagedCalls(context.Broker, Principal, context.Limits.StagedCalls);
    }

    /// <summary>On whose behalf a plugin's instance calls in a session, and what it may there.</summary>
    public static PluginPrincipal PrincipalOf(InstalledPlugin plugin, ActorContext context, SessionScope scope) => new()
    {
        Id = plugin.Manifest.Id,
        Version = plugin.Manifest.Version.ToString(),
        Digest = plugin.Entry.Digest.ToString(),
        Session = scope.Session,
        Granted = context.Policy.Cut(plugin.Entry.HoldsIn(scope.Cluster.Context) ? plugin.Entry.Granted : plugin.Entry.Granted.WithoutCluster()),
        Policy = context.Policy.Decide,
        Setting = name => context.Settings(plugin.Manifest).TextOf(name),
        ReadOnly = scope.Cluster.ReadOnly,
        Demanded = context.Demanded,
    };

    public InstalledPlugin Plugin { get; }

    public SessionScope Scope { get; }

    /// <summary>What the user has set for the plugin, as it is now.</summary>
    public SettingValues Settings => _context.Settings(Plugin.Manifest);

    /// <summary>Cancelled when the instance ends.</summary>
    public CancellationToken Ended => _ended;

    public PluginPrincipal Principal { get; }

    public Mailbox Mailbox { get; }

    public Subscriptions Subscriptions { get; }

    public PluginFiles Files { get; }

    /// <summary>What it stores; null when this host keeps nothing.</summary>
    public StoreFile? Store { get; private set; }

    public Timers Timers { get; }

    public Listens Listens { get; }

    /// <summary>The question to the user that it waits for, if any.</summary>
    public UserWait UserWait { get; } = new();

    public GuestUsage Usage => _guest?.Usage ?? default;

    /// <summary>Sends a request; null when another instance is to be asked, because this one has been or is being replaced.</summary>
    public async Task<Reply?> AskAsync(Request request, CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _requests) > _context.Limits.MailboxRequests)
        {
            Interlocked.Decrement(ref _requests);
            return new Reply.Failed(_actor.Failure(ErrorCode.QuotaExceeded, $"{_context.Limits.MailboxRequests} requests to it are open already"));
        }
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _ended);
        try
        {
            // What the user started is not held back: he would take it for broken.
            if (!request.NeedsGesture) await _actor.PauseAsync(ends.Token);
            return await _messages.EnterAsync(ends.Token) ? await AskInsideAsync(request, cancellationToken) : null;
        }
        catch (OperationCanceledException) when (_ended.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return Stopped();
        }
        finally
        {
            Interlocked.Decrement(ref _requests);
        }
    }

    /// <summary>Neither runs nor is about to take over; it may still be on its way out.</summary>
    public bool IsStopped => _ended.IsCancellationRequested || _actor.InstanceOf(Principal) != this;

    /// <summary>Whether a request from outside on this port may be put to it.</summary>
    public bool MayBeAsked(int port) =>
        _isActivated && !_ended.IsCancellationRequested && _context.Broker.MayReceive(Principal, new Demand.Listen(port));

    /// <summary>Sends a message past the gate, for what only the host itself asks.</summary>
    public async Task<GuestReply> TellAsync(Request request)
    {
        try
        {
            return await SendAsync(request, null, CancellationToken.None);
        }
        catch (OperationCanceledException) when (_ended.IsCancellationRequested)
        {
            return new GuestReply.Failed(StoppedWhileStarting);
        }
    }

    /// <summary>The answer was not what the message asks for: a fault of the guest.</summary>
    public PluginFailure Reject(string message)
    {
        var fault = new GuestFault(GuestFaultKind.InvalidAnswer, message);
        _actor.OnFault(this, fault);
        return _actor.Failure(fault);
    }

    /// <summary>Lets no message in from now on, and waits until those inside are answered; cancels what takes too long.</summary>
    public async Task DrainAsync()
    {
        var drained = _messages.HoldAsync();
        try
        {
            await drained.WaitAsync(_context.Limits.DrainDeadline, _context.Time, _ended);
        }
        catch (TimeoutException)
        {
            Interrupt();
            await drained.WaitAsync(_ended);
        }
    }

    /// <summary>Goes on after <see cref="DrainAsync"/>: nobody has taken over.</summary>
    public void Resume()
    {
        lock (_gate)
        {
            if (_interrupts.IsCancellationRequested) _interrupts = new CancellationTokenSource();
        }
        _messages.Reopen();
    }

    /// <summary>Takes over from an instance that <see cref="DrainAsync">rests</see>: its events, and who waited at its gate.</summary>
    /// <param name="before">The instance that ends.</param>
    /// <param name="hasState">Whether this one was given its state.</param>
    public void TakeOver(PluginInstance before, bool hasState)
    {
        Subscriptions.TakeOver(before.Subscriptions, hasState);
        Timers.TakeOver();
        Watches.TakeOver();
        Listens.TakeOver(before.Listens);
        before._messages.Close();
    }

    /// <summary>Whether it asked for what an instance that has not taken over cannot have.</summary>
    public bool WasHeldBack => _staged?.HasRefused == true;

    /// <summary>Does what was kept while this instance had not taken over.</summary>
    public Task CommitCallsAsync() => _staged?.CommitAsync(_ended) ?? Task.CompletedTask;

    /// <summary>Stores in what was migrated for it. Before it is activated.</summary>
    public void UseStore(StoreFile migrated)
    {
        Store?.Dispose();
        Store = migrated;
    }

    /// <summary>Refuses what the guest calls from now on: its rights are not what they were.</summary>
    public void Revoke() => _isRevoked = true;

    /// <summary>Tells an activated guest that it ends, if it listens in time.</summary>
    public async Task DeactivateAsync(string reason)
    {
        if (!_isActivated) return;
        var json = JsonSerializer.SerializeToUtf8Bytes(new DeactivatePayload { Reason = reason }, ContractJson.Default.DeactivatePayload);
        if (await TellAsync(new Request(MessageType.Deactivate, json, _context.Limits.DeactivateDeadline)) is GuestReply.Failed { Fault: { Kind: not GuestFaultKind.Cancelled } fault })
            _context.Log(Principal.Id, PluginLogLevel.Warn, $"deactivate: {fault.Message}");
    }

    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (_disposed) return;
            _disposed = true;
        }
        End();
        Timers.Dispose();
        await Subscriptions.DisposeAsync();
        await Watches.DisposeAsync();
        await Listens.DisposeAsync();
        if (_guest is not null) await _guest.DisposeAsync();
        await _pump;
        Files.Dispose();
        Store?.Dispose();
        _ends.Dispose();
    }

    private void Interrupt()
    {
        CancellationTokenSource interrupts;
        lock (_gate) interrupts = _interrupts;
        interrupts.Cancel();
    }

    private void End() => _ends.Cancel();

    private async Task<Reply?> AskInsideAsync(Request request, CancellationToken cancellationToken)
    {
        CancellationToken interrupted;
        lock (_gate) interrupted = _interrupts.Token;
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, interrupted);
        try
        {
            using var gesture = request.NeedsGesture ? _context.Gestures.Begin(Principal) : null;
            switch (await SendAsync(request, gesture?.Token, ends.Token))
            {
                // What a stopped plugin still says is not shown.
                case var _ when _actor.Instance != this:
                    return Stopped();
                case GuestReply.Answered answered:
                    return new Reply.Answered(this, answered.Json);
                case GuestReply.Failed failed when interrupted.IsCancellationRequested && failed.Fault.Kind == GuestFaultKind.Cancelled:
                    return Interrupted(request);
                case GuestReply.Failed failed:
                    Report(failed.Fault);
                    return new Reply.Failed(_actor.Failure(failed.Fault));
                case var other:
                    throw new InvalidOperationException($"A guest ended a message in {other}.");
            }
        }
        catch (OperationCanceledException) when (interrupted.IsCancellationRequested && !_ended.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return Interrupted(request);
        }
        finally
        {
            _messages.Leave();
        }
    }

    // What has an effect may have been done in part: it is not done again.
    private Reply.Failed? Interrupted(Request request) =>
        request.NeedsGesture || request.RunsOnce ? new Reply.Failed(_actor.Failure(ErrorCode.Cancelled, "it was replaced by another version while this ran")) : null;

    private async Task<GuestReply> SendAsync(Request request, string? gesture, CancellationToken cancellationToken)
    {
        var envelope = new Envelope
        {
            Id = Interlocked.Increment(ref _lastMessage).ToString(CultureInfo.InvariantCulture),
            Type = request.Type,
            Session = Principal.Session.ToString(),
            Gesture = gesture,
            DeadlineMs = (int)request.Deadline.TotalMilliseconds,
            Payload = request.Payload,
        };
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _ended);
        Interlocked.Increment(ref _sending);
        var sent = _context.Time.GetTimestamp();
        try
        {
            var limit = request.Deadline + _context.Limits.UnresponsiveGrace;
            var waits = UserWait.Turns;
            var reply = await UserWait.OutlastAsync(_guest!.SendAsync(envelope, ends.Token).AsTask(), limit, _context.Time, ends.Token);
            if (waits == UserWait.Turns && waits % 2 == 0) _actor.Times.Add(request.Type, _context.Time.GetElapsedTime(sent));
            return NothingAnswer.Check(request.Type, reply);
        }
        catch (TimeoutException)
        {
            return new GuestReply.Failed(new GuestFault(GuestFaultKind.Deadline, $"`{request.Type}` was not answered and could not be interrupted", InstanceLost: true));
        }
#pragma warning disable CA1031 // An engine's bug must not reach the screen as one of its own: it is told, and the instance is gone.
        catch (Exception bug) when (bug is not OperationCanceledException)
#pragma warning restore CA1031
        {
            _context.Bug($"guest of {Principal.Id}, `{request.Type}`", bug);
            return new GuestReply.Failed(new GuestFault(GuestFaultKind.Trapped, "the engine failed; its log says how", InstanceLost: true));
        }
        finally
        {
            Interlocked.Decrement(ref _sending);
            _actor.Profile?.Add(ProfileKind.Message, request.Type, sent);
            if (request.Type != MessageType.Dehydrate) NoteActivity();
        }
    }

    private Reply.Failed Stopped() => new(_actor.StoppedBy ?? _actor.Failure(ErrorCode.Cancelled, "its instance was stopped"));

    // A message that is cancelled, or larger than one may be, is not the guest's doing.
    private void Report(GuestFault fault)
    {
        if (fault.Kind is not (GuestFaultKind.Cancelled or GuestFaultKind.TooLarge)) _actor.OnFault(this, fault);
    }

    private async Task ReportAsync(Task<GuestReply> reply)
    {
        if (await reply is not GuestReply.Failed { Fault: { Kind: not GuestFaultKind.Cancelled } fault }) return;
        Report(fault);
        _context.EventFailed(_actor.Failure(fault));
    }
}
