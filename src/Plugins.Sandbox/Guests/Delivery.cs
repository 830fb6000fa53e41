using LazyOC.Plugins.Contracts.Messages;

namespace LazyOC.Plugins.Sandbox.Guests;

/// <summary>A message on its way through a guest. Guarded by the guest's gate.</summary>
internal sealed class Delivery(Envelope message, int slot)
{
    private readonly TaskCompletionSource<GuestReply> _reply = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenSource? _calls;
    private DeadlineTimer? _deadline;

    public Envelope Message { get; } = message;

    /// <summary>What the message is called inside the guest.</summary>
    public int Slot { get; } = slot;

    public Task<GuestReply> Reply => _reply.Task;

    public bool IsFinished => _reply.Task.IsCompleted;

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

    public void Finish(GuestReply reply)
    {
        _deadline?.Stop();
        _deadline = null;
        // Not Dispose: it would wait for a callback that waits for the gate.
        Cancellation.Unregister();
        _reply.SetResult(reply);
    }

    /// <summary>Cancels host calls made for the message; not to be called under the gate, as callbacks run.</summary>
    public void CancelCalls() => Calls.Cancel();
}
