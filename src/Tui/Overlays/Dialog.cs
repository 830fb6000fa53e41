namespace LazyOC.Tui.Overlays;

/// <summary>An overlay that somebody opened and waits for.</summary>
internal abstract class Dialog
{
    internal abstract void Accept(object? answer);

    internal abstract void Dismiss();
}

/// <summary>An overlay that somebody opened and waits for. Thread safe.</summary>
/// <typeparam name="T">The answer.</typeparam>
internal sealed class Dialog<T>(Dialogs dialogs) : Dialog
{
    private readonly TaskCompletionSource<T?> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The answer; default when it was dismissed, cancelled when its token closed it.</summary>
    public Task<T?> Answer => _answer.Task;

    /// <summary>Puts another state in its place, for instance when what it shows has arrived; nothing happens once it is closed.</summary>
    /// <param name="change">Pure; it may run more than once.</param>
    public void Change(Func<Overlay<T>, Overlay<T>> change) => dialogs.Change(this, overlay => change((Overlay<T>)overlay));

    /// <summary>Closes it without an answer.</summary>
    public void Close()
    {
        if (dialogs.Remove(this))
            Dismiss();
    }

    internal override void Accept(object? answer) => _answer.TrySetResult((T?)answer);

    internal override void Dismiss() => _answer.TrySetResult(default);

    internal void CloseWith(CancellationToken token)
    {
        if (!token.CanBeCanceled)
            return;
        var closing = token.UnsafeRegister(static (state, cancelled) => ((Dialog<T>)state!).Cancel(cancelled), this);
        // A token may outlive many dialogs: it must not keep those that are closed.
        _ = Answer.ContinueWith((_, registration) => ((CancellationTokenRegistration)registration!).Dispose(), closing, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    private void Cancel(CancellationToken token)
    {
        if (dialogs.Remove(this))
            _answer.TrySetCanceled(token);
    }
}
