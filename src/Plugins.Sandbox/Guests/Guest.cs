using LazyOC.Plugins.Contracts.Messages;

namespace LazyOC.Plugins.Sandbox.Guests;

/// <summary>
/// A plugin instance as an actor: turns queue in a mailbox and run one after the other on <see cref="GuestThreads"/>.
/// A fault ends a message; a trap ends the instance. What a turn does is the deriving class's.
/// </summary>
internal abstract partial class Guest : IGuest, ITurnSource
{
    /// <summary>Turns before other guests have theirs.</summary>
    private const int TurnsInARow = 8;

    private readonly GuestThreads _threads;
    private readonly int _maxInFlight;
    private readonly TaskCompletionSource<GuestStart> _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<GuestFault?> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isLoaded;

    // Under the gate.
    private readonly Queue<Turn> _mailbox = new();
    private readonly Queue<Delivery> _waiting = new();
    private readonly Dictionary<int, Delivery> _open = [];
    private int _inFlight;
    private int _lastSlot;
    private bool _isScheduled = true;
    private GuestFault? _endFault;
    private long _messages;
    private long _calls;
    private long _faults;
    private long _memoryBytes;

    protected Guest(GuestOptions options, GuestThreads threads, int maxInFlight, int trapGraceMs)
    {
        Options = options;
        _threads = threads;
        _maxInFlight = maxInFlight;
        Budget = new TurnBudget(options.Time, TimeSpan.FromMilliseconds(trapGraceMs), TrapRunningCode);
    }

    public GuestUsage Usage
    {
        get
        {
            lock (Gate)
                return new GuestUsage(Budget.Total, _memoryBytes, _messages, _calls, _faults);
        }
    }

    public Task<GuestFault?> Ended => _ended.Task;

    protected GuestOptions Options { get; }

    protected TurnBudget Budget { get; }

    protected Lock Gate { get; } = new();

    /// <summary>Whether the guest has stopped or is about to. Under the gate.</summary>
    protected bool IsEnding { get; private set; }

    private static GuestFault Cancelled { get; } = new(GuestFaultKind.Cancelled, "the message was cancelled");

    public ValueTask<GuestReply> SendAsync(Envelope message, CancellationToken cancellationToken)
    {
        if (EnvelopeWriter.MaxLength(message) > Options.Limits.MessageBytes)
            return Failed(new GuestFault(GuestFaultKind.TooLarge, $"`{message.Type}` has more than the {Options.Limits.MessageBytes} bytes that a message may have"));
        if (cancellationToken.IsCancellationRequested)
            return Failed(Cancelled);

        lock (Gate)
        {
            if (IsEnding)
                return Failed(Gone(_endFault));
            var delivery = new Delivery(message, ++_lastSlot);
            delivery.StartDeadline(Options.Time, isPaused: _userWaits > 0, () => Fail(delivery, new GuestFault(GuestFaultKind.Deadline, $"`{message.Type}` had no answer within {message.DeadlineMs} ms")));
            if (cancellationToken.CanBeCanceled)
                delivery.Cancellation = cancellationToken.UnsafeRegister(_ => Fail(delivery, Cancelled), null);
            if (_inFlight < _maxInFlight)
                Deliver(delivery);
            else
                _waiting.Enqueue(delivery);
            return new ValueTask<GuestReply>(delivery.Reply);
        }
    }

    public async ValueTask DisposeAsync()
    {
        End(null);
        await _ended.Task;
    }

    bool ITurnSource.RunTurns()
    {
        if (!_isLoaded)
            LoadOnce();
        for (var i = 0; i < TurnsInARow; i++)
        {
            Turn turn;
            lock (Gate)
            {
                if (IsEnding)
                    break;
                if (!_mailbox.TryDequeue(out turn))
                {
                    _isScheduled = false;
                    return false;
                }
            }
            Run(turn);
        }
        lock (Gate)
        {
            if (!IsEnding)
                return true;
        }
        Release();
        return false;
    }

    /// <summary>Loads the guest on a guest thread and waits until it takes messages.</summary>
    protected async ValueTask<GuestStart> StartAsync(CancellationToken cancellationToken)
    {
        _threads.Run(this);
        using (cancellationToken.UnsafeRegister(static guest => ((Guest)guest!).End(null), this))
        {
            var start = await _started.Task;
            cancellationToken.ThrowIfCancellationRequested();
            return start;
        }
    }

    // What deriving classes do, on a guest thread and within a budget.

    /// <summary>Makes the guest ready for messages.</summary>
    protected abstract GuestFault? Load();

    /// <summary>Hands a message to the guest, whose answer goes to <see cref="Finish"/>.</summary>
    protected abstract GuestFault? Enter(Delivery delivery);

    /// <summary>Linear memory now, in bytes.</summary>
    protected abstract long MemoryBytes { get; }

    /// <summary>Traps what runs, and all that would run. Under the gate, from any thread.</summary>
    protected abstract void Trap();

    /// <summary>Frees the instance; nothing runs in it any more.</summary>
    protected abstract void DisposeInstance();

    /// <summary>Called once when the guest is to end, from any thread and not under the gate.</summary>
    protected virtual void OnEnding()
    {
    }

    // What deriving classes use.

    /// <summary>Queues a turn for something other than a new message.</summary>
    /// <param name="owner">The message that fails when the turn does.</param>
    /// <param name="enter">What to do.</param>
    protected void Post(Delivery owner, Func<GuestFault?> enter)
    {
        lock (Gate)
        {
            if (IsEnding)
                return;
            _mailbox.Enqueue(new Turn(owner, enter));
            Schedule();
        }
    }

    /// <summary>The message in a slot; null when it is finished.</summary>
    protected Delivery? FindOpen(int slot)
    {
        lock (Gate)
            return _open.GetValueOrDefault(slot);
    }

    /// <summary>Counts a host call.</summary>
    protected void CountCall()
    {
        lock (Gate)
            _calls++;
    }

    /// <summary>Ends a message; false when it was finished already. From any thread.</summary>
    protected bool Finish(Delivery delivery, GuestReply reply)
    {
        lock (Gate)
        {
            if (delivery.IsFinished)
                return false;
            delivery.Finish(reply);
            if (reply is GuestReply.Failed { Fault.Kind: not GuestFaultKind.Cancelled })
                _faults++;
            if (!_open.Remove(delivery.Slot))
                return true;
            _inFlight--;
            while (!IsEnding && _inFlight < _maxInFlight && _waiting.TryDequeue(out var next))
            {
                if (!next.IsFinished)
                    Deliver(next);
            }
            return true;
        }
    }

    // Under the gate

    private void Deliver(Delivery delivery)
    {
        _inFlight++;
        _messages++;
        _open.Add(delivery.Slot, delivery);
        _mailbox.Enqueue(new Turn(delivery, null));
        Schedule();
    }

    private void Schedule()
    {
        if (_isScheduled)
            return;
        _isScheduled = true;
        _threads.Run(this);
    }

    /// <summary>One entry into the guest, for a message: its delivery, or something later.</summary>
    private readonly record struct Turn(Delivery Owner, Func<GuestFault?>? Enter);
}
