using LazyOC.Tui.Screen;

namespace LazyOC.Tui.Terminal;

/// <summary>What the left mouse button or the wheel did; other buttons are not told.</summary>
public enum MouseAction : byte
{
    Press,
    Release,

    /// <summary>Moved while pressed.</summary>
    Drag,
    WheelUp,
    WheelDown,
}

/// <summary>What a terminal tells the screen. Immutable.</summary>
public abstract record TerminalEvent
{
    private TerminalEvent() { }

    /// <summary>A key was pressed.</summary>
    public sealed record KeyPressed(KeyPress Press) : TerminalEvent;

    /// <summary>The mouse did something.</summary>
    /// <param name="Action">What it did.</param>
    /// <param name="X">Column, from 0; may lie outside the frame just after a resize.</param>
    /// <param name="Y">Row, from 0.</param>
    /// <param name="Modifiers">Keys held.</param>
    public sealed record Mouse(MouseAction Action, int X, int Y, KeyModifiers Modifiers) : TerminalEvent;

    /// <summary>Text was pasted: data for a field, never keys.</summary>
    /// <param name="Text">At most <see cref="TerminalLimits.PasteBytes"/>; its only control characters are <c>\n</c> and <c>\t</c>.</param>
    public sealed record Pasted(string Text) : TerminalEvent;

    /// <summary>The terminal has another size; many changes in a row are told as one.</summary>
    public sealed record Resized(FrameSize Size) : TerminalEvent;

    /// <summary>The terminal's window gained or lost the focus.</summary>
    public sealed record FocusChanged(bool HasFocus) : TerminalEvent;

    /// <summary>The terminal is ours again after a stop or after being lent; the next frame is painted whole.</summary>
    public sealed record Resumed : TerminalEvent;

    /// <summary>The program has to end: a signal, or the terminal is gone. Nothing comes after it.</summary>
    /// <param name="Reason">Why, such as <c>SIGTERM</c>.</param>
    public sealed record Closing(string Reason) : TerminalEvent;
}
