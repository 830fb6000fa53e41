using System.Globalization;
using System.Text.Json;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Packages;
using LazyOC.Plugins.Runtime.Events;
using LazyOC.Plugins.Runtime.Extensions;
using LazyOC.Plugins.Sandbox.Broker;
using LazyOC.Plugins.Sandbox.Guests;

namespace LazyOC.Plugins.Runtime.Lifecycle;

/// <summary>
/// One guest of a plugin within one session, its mailbox and its subscriptions. Events go in one at a time, in order;
/// requests beside them, bounded.
/// </summary>
internal sealed class PluginInstance : IAsyncDisposable
{
    private readonly PluginActor _actor;
    private readonly ActorContext _context;
    private readonly CancellationTokenSource _ends = new();
    private readonly CancellationToken _ended;
    private readonly Lock _gate = new();
    private IGuest? _guest;
    private Task _pump = Task.CompletedTask;
    private long _lastMessage;
    private int _requests;
    private bool _disposed;

    public PluginInstance(PluginActor actor, InstalledPlugin plugin, ActorContext context, SessionScope scope)
    {
        _actor = actor;
        _context = context;
        _ended = _ends.Token;
        Plugin = plugin;
        Scope = scope;
        Principal = new PluginPrincipal
        {
            Id = plugin.Manifest.Id,
            Version = plugin.Manifest.Version.ToString(),
            Digest = plugin.Entry.Digest.ToString(),
            Session = scope.Session,
            Granted = plugin.Entry.Granted,
            ReadOnly = scope.Cluster.ReadOnly,
        };
        Mailbox = new Mailbox(context.Limits.MailboxEvents);
        Subscriptions = new Subscriptions(this, context, _ended);
    }

    public InstalledPlugin Plugin { get; }

    public SessionScope Scope { get; }

    /// <summary>Cancelled when the instance ends.</summary>
    public CancellationToken Ended => _ended;

    public PluginPrincipal Principal { get; }

    public Mailbox Mailbox { get; }

    public Subscriptions Subscriptions { get; }

    /// <summary>The question to the user that it waits for, if any.</summary>
    public UserWait UserWait { get; } = new();

    public GuestUsage Usage => _guest?.Usage ?? default;

    /// <summary>Loads the guest and sends <c>activate</c>; the fault, if either failed.</summary>
    /// <param name="reason">The activation event, for the guest.</param>
    public async Task<GuestFault?> StartAsync(string reason)
    {
        switch (await LoadAsync())
        {
            case GuestStart.Failed failed:
                return failed.Fault;
            case GuestStart.Running running when !TryAttach(running.Guest):
                await running.Guest.DisposeAsync();
                return StoppedWhileStarting;
        }
        var payload = new ActivatePayload
        {
            PluginId = Principal.Id,
            PluginVersion = Principal.Version,
            HostApiVersion = PluginManifest.HostApiVersion,
            Reason = reason,
            Session = Scope.Info,
        };
        var json = JsonSerializer.SerializeToUtf8Bytes(payload, ContractJson.Default.ActivatePayload);
        try
        {
            var reply = await SendAsync(new Request(MessageType.Activate, json, _context.Limits.ActivateDeadline), null, CancellationToken.None);
            return (reply as GuestReply.Failed)?.Fault;
        }
        catch (OperationCanceledException) when (_ended.IsCancellationRequested)
        {
            return StoppedWhileStarting;
        }
    }

    /// <summary>Begins to deliver events, after the guest has been activated.</summary>
    public void StartDelivery()
    {
        _pump = Task.Run(() => Task.WhenAll(DeliverEventsAsync(), WatchAsync(_guest!)));
    }

    public async Task<Reply> AskAsync(Request request, CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _requests) > _context.Limits.MailboxRequests)
        {
            Interlocked.Decrement(ref _requests);
            return new Reply.Failed(_actor.Failure(ErrorCode.QuotaExceeded, $"{_context.Limits.MailboxRequests} requests to it are open already"));
        }
        try
        {
            await PauseAsync(cancellationToken);
            using var gesture = request.NeedsGesture ? _context.Gestures.Begin(Principal) : null;
            switch (await SendAsync(request, gesture?.Token, cancellationToken))
            {
                // What a stopped plugin still says is not shown.
                case var _ when _actor.Instance != this:
                    return Stopped();
                case GuestReply.Answered answered:
                    return new Reply.Answered(this, answered.Json);
                case GuestReply.Failed failed:
                    Report(failed.Fault);
                    return new Reply.Failed(_actor.Failure(failed.Fault));
                case var other:
                    throw new InvalidOperationException($"A guest ended a message in {other}.");
            }
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

    /// <summary>The answer was not what the message asks for: a fault of the guest.</summary>
    public PluginFailure Reject(string message)
    {
        var fault = new GuestFault(GuestFaultKind.InvalidAnswer, message);
        _actor.OnFault(this, fault);
        return _actor.Failure(fault);
    }

    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (_disposed) return;
            _disposed = true;
        }
        await _ends.CancelAsync();
        await Subscriptions.DisposeAsync();
        if (_guest is not null) await _guest.DisposeAsync();
        await _pump;
        _ends.Dispose();
    }

    private static GuestFault StoppedWhileStarting => new(GuestFaultKind.Cancelled, "it was stopped while it started", InstanceLost: true);

    private GuestLimits GuestLimits =>
        ByteSize.TryParse(Plugin.Manifest.Limits.Memory, out var asked)
            ? _context.GuestLimits with { MemoryBytes = Math.Min(asked, _context.Limits.MaxGuestMemoryBytes) }
            : _context.GuestLimits;

    private async Task<GuestStart> LoadAsync()
    {
        var options = new GuestOptions
        {
            Name = Principal.Id.ToString(),
            Code = Plugin.Main,
            SourceMap = Plugin.SourceMap,
            Limits = GuestLimits,
            Call = (call, cancellationToken) => _context.Broker.InvokeAsync(Principal, call, cancellationToken),
            WaitsForUser = _context.Broker.WaitsForUser,
            Log = (level, line) => _context.Log(Principal.Id, level, line),
            Time = _context.Time,
        };
        try
        {
            return await _context.StartGuest(GuestFactory.KindOf(Plugin.Manifest.Main), options, _ended);
        }
        catch (OperationCanceledException) when (_ended.IsCancellationRequested)
        {
            return new GuestStart.Failed(StoppedWhileStarting);
        }
#pragma warning disable CA1031 // An engine's bug must not reach the screen as one of its own: it is told, and the plugin does not start.
        catch (Exception bug)
#pragma warning restore CA1031
        {
            _context.Bug($"start of {Principal.Id}", bug);
            return new GuestStart.Failed(new GuestFault(GuestFaultKind.LoadFailed, "the engine failed; its log says how", InstanceLost: true));
        }
    }

    /// <summary>Takes over the guest, to be disposed with the instance; false when the instance has ended already.</summary>
    private bool TryAttach(IGuest guest)
    {
        lock (_gate)
        {
            if (_disposed) return false;
            _guest = guest;
            return true;
        }
    }

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
        try
        {
            var limit = request.Deadline + _context.Limits.UnresponsiveGrace;
            return await UserWait.OutlastAsync(_guest!.SendAsync(envelope, ends.Token).AsTask(), limit, _context.Time, ends.Token);
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
    }

    private Reply.Failed Stopped() => new(_actor.StoppedBy ?? _actor.Failure(ErrorCode.Cancelled, "its instance was stopped"));

    // A message that is cancelled, or larger than one may be, is not the guest's doing.
    private void Report(GuestFault fault)
    {
        if (fault.Kind is not (GuestFaultKind.Cancelled or GuestFaultKind.TooLarge)) _actor.OnFault(this, fault);
    }

    private async Task DeliverEventsAsync()
    {
        try
        {
            while (true)
            {
                var (mail, lost) = await Mailbox.TakeAsync(_ended);
                if (lost > 0)
                {
                    _context.Accounts.AddLost(Principal.Id, lost);
                    await DeliverAsync(new HostEvent("events.lost", 0, _context.Time.GetUtcNow(), JsonSerializer.SerializeToElement(new EventsLost(lost), RuntimeJson.Default.EventsLost), null));
                }
                if (mail?.Event is { } happened) await DeliverAsync(happened);
                mail?.Reached?.Invoke();
            }
        }
        catch (OperationCanceledException) when (_ended.IsCancellationRequested)
        {
            // The instance ends; what still waits is for nobody.
        }
    }

    private async Task DeliverAsync(HostEvent happened)
    {
        await PauseAsync(_ended);
        var payload = new EventPayload { Topic = happened.Topic, Publisher = HostEvent.Publisher, Sequence = happened.Sequence, Time = happened.Time, Data = happened.Data };
        var json = JsonSerializer.SerializeToUtf8Bytes(payload, ContractJson.Default.EventPayload);
        var reply = await SendAsync(new Request(MessageType.Event, json, _context.Limits.MessageDeadline), null, CancellationToken.None);
        if (reply is not GuestReply.Failed { Fault: { Kind: not GuestFaultKind.Cancelled } fault }) return;
        Report(fault);
        _context.EventFailed(_actor.Failure(fault));
    }

    private Task PauseAsync(CancellationToken cancellationToken) =>
        _actor.Pause is { Ticks: > 0 } pause ? Task.Delay(pause, _context.Time, cancellationToken) : Task.CompletedTask;

    private async Task WatchAsync(IGuest guest)
    {
        if (await guest.Ended is { } fault) _actor.OnFault(this, fault with { InstanceLost = true });
    }
}
