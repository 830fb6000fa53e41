using System.Threading.Channels;
using LazyOC.Tui.Screen;

namespace LazyOC.Tui.Terminal;

/// <summary>
/// A terminal that shows frames and tells what the user does. <see cref="TtyTerminal"/> is a real one,
/// <see cref="MemoryTerminal"/> one for tests and benchmarks. Disposing gives the terminal back as it was.
/// All members may be called from any thread.
/// </summary>
public interface ITerminal : IAsyncDisposable
{
    /// <summary>The size now; a <see cref="TerminalEvent.Resized"/> follows each change.</summary>
    FrameSize Size { get; }

    /// <summary>What happens, in order, for one reader. Completes after <see cref="TerminalEvent.Closing"/>.</summary>
    ChannelReader<TerminalEvent> Events { get; }

    /// <summary>Colours of the meanings; another theme repaints the next frame whole.</summary>
    Theme Theme { get; set; }

    /// <summary>
    /// Shows a frame: what differs from the shown one goes out in one write. The frame may be drawn on again afterwards.
    /// Does nothing while the terminal is lent, stopped or gone.
    /// </summary>
    void Present(CellBuffer frame);

    /// <summary>Puts text on the user's clipboard (OSC 52), if the terminal lets programs do that.</summary>
    /// <returns>False when the text is longer than <see cref="TerminalLimits.ClipboardBytes"/>; nothing was copied.</returns>
    bool CopyToClipboard(string text);

    /// <summary>Gives the terminal back while <paramref name="use"/> runs ($EDITOR, a login), then takes it again and tells <see cref="TerminalEvent.Resumed"/>.</summary>
    Task BorrowAsync(Func<Task> use);

    /// <summary>Restores the terminal and stops the process group as ctrl-z does; returns when it is continued, with <see cref="TerminalEvent.Resumed"/> told.</summary>
    void Suspend();
}
