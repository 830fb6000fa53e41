using System.Collections.Immutable;
using LazyOC.Tui.Screen;
using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.Overlays;

/// <summary>
/// The overlays that are open, one above the other, and the notices at the bottom. Code anywhere asks through it; the
/// screen's loop draws and feeds it.
/// </summary>
/// <remarks>Thread safe. Overlays run on the loop only; answers continue on the pool.</remarks>
internal sealed class Dialogs(ChangeSignal changed, TimeProvider time, OverlayLimits limits) : IDisposable
{
    private readonly Lock _gate = new();
    private ImmutableList<Opened> _open = [];
    private bool _closed;

    public Dialogs(ChangeSignal changed, TimeProvider time) : this(changed, time, OverlayLimits.Default) { }

    /// <summary>The overlay that has the keyboard and is drawn; null when there is none.</summary>
    public Overlay? Top => Volatile.Read(ref _open) is [.., var top] ? top.Overlay : null;

    /// <summary>How many are open.</summary>
    public int Count => Volatile.Read(ref _open).Count;

    /// <summary>What tells the user something without asking.</summary>
    public NoticeBoard Board { get; } = new(changed, time, limits);

    /// <summary>Notices that are shown now, the newest last.</summary>
    public ImmutableArray<Notice> Notices => Board.Shown;

    /// <summary>Takes what an overlay copies; without one nothing is copied.</summary>
    public Action<string>? Copy { get; init; }

    /// <summary>Opens an overlay and waits for its answer; default when the user dismisses it or the screen ends.</summary>
    /// <exception cref="OperationCanceledException">The token closed it.</exception>
    public Task<T?> AskAsync<T>(Overlay<T> overlay, CancellationToken cancellationToken = default) => Open(overlay, cancellationToken).Answer;

    /// <summary>Opens an overlay that may be changed while it is open.</summary>
    public Dialog<T> Open<T>(Overlay<T> overlay, CancellationToken cancellationToken = default)
    {
        var dialog = new Dialog<T>(this);
        var opened = new Opened(dialog, overlay, time.GetUtcNow());
        Opened? crowdedOut = null;
        lock (_gate)
        {
            if (_closed)
            {
                dialog.Dismiss();
                return dialog;
            }
            _open = overlay.Unsolicited ? _open.Insert(0, opened) : _open.Add(opened);
            if (_open.Count > limits.Open)
            {
                crowdedOut = _open[0];
                _open = _open.RemoveAt(0);
            }
        }
        crowdedOut?.Dialog.Dismiss();
        dialog.CloseWith(cancellationToken);
        changed.Raise();
        return dialog;
    }

    /// <summary>Shows a notice.</summary>
    public void Notify(Notice notice) => Board.Add(notice);

    /// <summary>
    /// Gives an input to the top overlay. False when none is open, or when the input is none of theirs: anything but
    /// keys, pastes and the mouse. Called by the loop.
    /// </summary>
    public bool Handle(TerminalEvent input, FrameSize size)
    {
        if (input is not (TerminalEvent.KeyPressed or TerminalEvent.Pasted or TerminalEvent.Mouse))
            return false;
        while (Volatile.Read(ref _open) is [.., var top])
        {
            if (top.Overlay.Unsolicited && time.GetUtcNow() - top.Since < limits.Deaf)
            {
                // Who goes on typing has not read it yet.
                if (TryReplace(top, top with { Since = time.GetUtcNow() }))
                    return true;
                continue;
            }
            // An overlay is a value: when it was changed meanwhile, the input is for what the user sees next.
            if (TryApply(top, StepOf(top.Overlay, input, size)))
                return true;
        }
        return false;
    }

    /// <summary>Dismisses everything that is open; what asks later is dismissed at once.</summary>
    public void Dispose()
    {
        ImmutableList<Opened> open;
        lock (_gate)
        {
            _closed = true;
            open = _open;
            _open = [];
        }
        foreach (var opened in open)
            opened.Dialog.Dismiss();
        Board.Dispose();
    }

    /// <summary>Changes an open overlay; nothing happens when it is closed.</summary>
    internal void Change(Dialog dialog, Func<Overlay, Overlay> change)
    {
        while (Volatile.Read(ref _open).Find(o => o.Dialog == dialog) is { } opened)
        {
            if (TryReplace(opened, opened with { Overlay = change(opened.Overlay) }))
                return;
        }
    }

    /// <summary>Takes an overlay away; false when it was gone.</summary>
    internal bool Remove(Dialog dialog)
    {
        lock (_gate)
        {
            var index = _open.FindIndex(o => o.Dialog == dialog);
            if (index < 0)
                return false;
            _open = RestartDeafness(_open.RemoveAt(index));
        }
        changed.Raise();
        return true;
    }

    private static OverlayStep StepOf(Overlay overlay, TerminalEvent input, FrameSize size) => input switch
    {
        TerminalEvent.KeyPressed(var press) when IsLeaving(press, overlay) => OverlayStep.Dismissed.Instance,
        TerminalEvent.Mouse { Action: MouseAction.Press } mouse when !overlay.IsModal && !overlay.AreaIn(size).Contains(mouse.X, mouse.Y) => OverlayStep.Dismissed.Instance,
        _ => overlay.Handle(input, size),
    };

    /// <summary>Escape leaves every overlay, whatever state it is in; ctrl-c says the same, at once.</summary>
    private static bool IsLeaving(KeyPress press, Overlay overlay) => (press.Key == Key.Escape && !overlay.TakesEscape)
        || (press is { Key: Key.Character, Modifiers: KeyModifiers.Control } && press.Rune.Value == 'c');

    private bool TryApply(Opened top, OverlayStep step)
    {
        switch (step)
        {
            case OverlayStep.Stayed(var next, var copied):
                if (!TryReplace(top, top with { Overlay = next }))
                    return false;
                if (copied is not null)
                    Copy?.Invoke(copied);
                return true;
            case OverlayStep.Answered(var answer):
                if (!TryReplace(top, null))
                    return false;
                top.Dialog.Accept(answer);
                return true;
            default:
                if (!TryReplace(top, null))
                    return false;
                top.Dialog.Dismiss();
                return true;
        }
    }

    private bool TryReplace(Opened opened, Opened? next)
    {
        lock (_gate)
        {
            var index = _open.FindIndex(o => ReferenceEquals(o, opened));
            if (index < 0)
                return false;
            _open = next is null ? RestartDeafness(_open.RemoveAt(index)) : _open.SetItem(index, next);
        }
        changed.Raise();
        return true;
    }

    /// <summary>What nobody asked for counts from the moment it is seen.</summary>
    private ImmutableList<Opened> RestartDeafness(ImmutableList<Opened> open) =>
        open is [.., { Overlay.Unsolicited: true } top] ? open.SetItem(open.Count - 1, top with { Since = time.GetUtcNow() }) : open;

    private sealed record Opened(Dialog Dialog, Overlay Overlay, DateTimeOffset Since);
}
