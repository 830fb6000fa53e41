using LazyOC.Tui.Screen;
using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.Overlays;

/// <summary>
/// Something on top of the screen that takes all input until it closes. Immutable: an input leads to the next state or
/// to an outcome, and drawing one twice gives the same cells.
/// </summary>
internal abstract record Overlay
{
    /// <summary>Whether it opened without the user having asked for anything: it waits below what is open, and is deaf at first.</summary>
    public bool Unsolicited { get; init; }

    /// <summary>The cells it covers; a click elsewhere dismisses it, unless <see cref="IsModal"/>.</summary>
    public abstract Rect AreaIn(FrameSize size);

    /// <summary>Whether a click elsewhere does nothing.</summary>
    public virtual bool IsModal => false;

    /// <summary>Whether escape leaves something within it first, such as an open list.</summary>
    public virtual bool TakesEscape => false;

    /// <summary>Draws it on a canvas of the size of <see cref="AreaIn"/>.</summary>
    public abstract void Draw(Canvas canvas, DateTimeOffset now);

    /// <summary>What an input makes of it. It gets keys, pastes and the mouse, the mouse in the frame's coordinates.</summary>
    public abstract OverlayStep Handle(TerminalEvent input, FrameSize size);
}

/// <summary>An overlay that closes with an answer, or dismissed.</summary>
/// <typeparam name="T">The answer.</typeparam>
internal abstract record Overlay<T> : Overlay
{
    protected static OverlayStep Answer(T answer) => new OverlayStep.Answered(answer);

    /// <summary>This overlay in its next state.</summary>
    protected static OverlayStep Stay(Overlay<T> next, string? copied = null) => new OverlayStep.Stayed(next, copied);

    protected static OverlayStep Dismiss => OverlayStep.Dismissed.Instance;
}

/// <summary>What an overlay makes of an input.</summary>
internal abstract record OverlayStep
{
    private OverlayStep() { }

    /// <summary>It stays open.</summary>
    /// <param name="Next">Its next state.</param>
    /// <param name="Copied">What goes to the clipboard.</param>
    public sealed record Stayed(Overlay Next, string? Copied = null) : OverlayStep;

    /// <summary>It closes with an answer.</summary>
    public sealed record Answered(object? Answer) : OverlayStep;

    /// <summary>It closes without.</summary>
    public sealed record Dismissed : OverlayStep
    {
        public static Dismissed Instance { get; } = new();
    }
}
