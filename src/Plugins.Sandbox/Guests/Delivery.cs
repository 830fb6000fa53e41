using LazyOC.Plugins.Contracts.Messages;

namespace LazyOC.Plugins.Sandbox.Guests;

/// <summary>A message on its way through a guest. Guarded by the guest's gate.</summary>
internal sealed class Delivery(Envelope message, int slot)
{
    private readonly TaskCompletionSource<GuestReply> _reply = new(IsEvent(message) ? TaskCreationOptions.None : TaskCreationOptions.RunContinuationsAsynchronously);
    private GuestReply? _kept;
    private CancellationTokenSource? _calls;
    private DeadlineTimer? _deadline;

    public Envelope Message { get; } = message;

    /// <summary>What the message is called inside the guest.</summary>
    public int Slot { get; } = slot;

    public Task<GuestReply> Reply => _reply.Task;

    public bool IsFinished => _reply.Task.IsCompleted || _kept is not null;

    public CancellationTokenRegistration Cancellation { get; set; }

    /// <summary>Cancelled when the message fails: host calls made for it end then. Safe from any thread.</summary>
    public CancellationToken CallsCancelled => Calls.Token;

    private CancellationTokenSource Calls => LazyInitializer.EnsureInitialized(ref _calls, static () => new CancellationTokenSource());

    /// <summary>Starts the message's wall time.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="isPaused">Whether it stands still at first.</param>
    /// <param name="expired">Called once, from any thread, unless the message is finished before.</param>
    public void StartDeadline(TimeProvider time, bool isPaused, Action expired) =>
        _deadline = new DeadlineTimer(time, TimeSpan.FromMilliseconds(Math.Max(0, Message.DeadlineMs)), isPaused, expired);

    /// <summary>Stops the message's wall time until <see cref="ResumeDeadline"/>.</summary>
    public void PauseDeadline() => _deadline?.Pause();

    /// <summary>Ends a <see cref="PauseDeadline"/>.</summary>
    public void ResumeDeadline() => _deadline?.Resume();

    /// <summary>
    /// Ends the message. True when the reply is kept until <see cref="Tell"/>: who waits for the answer to an event goes on
    /// between two turns, on the guest's own thread, and sends the next without a change of threads.
    /// </summary>
    public bool Finish(GuestReply reply)
    {
        _deadline?.Stop();
        _deadline = null;
        // Not Dispose: it would wait for a callback that waits for the gate.
        Cancellation.Unregister();
        if (!IsEvent(Message))
        {
            _reply.SetResult(reply);
            return false;
        }
        _kept = reply;
        if (reply is GuestReply.Answered)
            return true;
        // Whatever is done about a failure is not for this thread, which may hold the gate.
        ThreadPool.UnsafeQueueUserWorkItem(static delivery => delivery.Tell(), this, preferLocal: false);
        return false;
    }

    /// <summary>Tells who waits; not to be called under the gate, nor within a turn.</summary>
    public void Tell() => _reply.SetResult(_kept!);

    private static bool IsEvent(Envelope message) => message.Type == MessageType.Event;

    /// <summary>Cancels host calls made for the message; not to be called under the gate, as callbacks run.</summary>
    public void CancelCalls() => Calls.Cancel();
}
