namespace LazyOC.Tui.Terminal;

/// <summary>Every bound on what is taken from and given to a terminal.</summary>
public sealed record TerminalLimits
{
    /// <summary>The limits in force.</summary>
    public static TerminalLimits Default { get; } = new();

    /// <summary>Bytes of one paste that are kept; what is longer is cut.</summary>
    public int PasteBytes { get; init; } = 1024 * 1024;

    /// <summary>Bytes of one control sequence; a longer one is swallowed unread.</summary>
    public int SequenceBytes { get; init; } = 128;

    /// <summary>Events that may wait for the screen before no more input is read.</summary>
    public int QueuedEvents { get; init; } = 1024;

    /// <summary>UTF-8 bytes that are copied to the clipboard; terminals cut OSC 52 at 100,000 characters of base64.</summary>
    public int ClipboardBytes { get; init; } = 74_994;

    /// <summary>How long an ESC may stand alone before it is the Escape key.</summary>
    public TimeSpan EscapeDelay { get; init; } = TimeSpan.FromMilliseconds(25);

    /// <summary>How long it must be quiet before the end of a paste is believed (it may carry ends of its own), and before a control string without an end is given up.</summary>
    public TimeSpan QuietTime { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How long changes of the size are gathered into one event.</summary>
    public TimeSpan ResizeSettles { get; init; } = TimeSpan.FromMilliseconds(15);
}
