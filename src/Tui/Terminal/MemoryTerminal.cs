using System.Text;
using System.Threading.Channels;
using LazyOC.Tui.Screen;

namespace LazyOC.Tui.Terminal;

/// <summary>A terminal without a terminal, for tests and benchmarks: what the user does is scripted, what is shown is kept. Thread-safe.</summary>
public sealed class MemoryTerminal : ITerminal
{
    private readonly Channel<TerminalEvent> _events = Channel.CreateUnbounded<TerminalEvent>();
    private readonly Lock _gate = new();
    private readonly DiffRenderer _renderer = new(Theme.Dark, ColorDepth.TrueColor) { Synchronized = true };
    private CellBuffer? _frame;
    private TaskCompletionSource _presented = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Makes a terminal of a size.</summary>
    public MemoryTerminal(FrameSize size) => Size = size;

    /// <summary>Told each frame after it is shown, on the thread that presents; the frame is valid until the handler returns.</summary>
    public Action<CellBuffer>? Presented { get; set; }

    /// <inheritdoc/>
    public FrameSize Size { get; private set; }

    /// <inheritdoc/>
    public ChannelReader<TerminalEvent> Events => _events.Reader;

    /// <inheritdoc/>
    public Theme Theme
    {
        get => _renderer.Theme;
        set
        {
            lock (_gate)
                _renderer.Theme = value;
        }
    }

    /// <summary>Frames shown so far.</summary>
    public int Frames { get; private set; }

    /// <summary>Bytes a terminal with 24-bit colours would have been sent for all frames.</summary>
    public long Bytes
    {
        get
        {
            lock (_gate)
                return _renderer.Bytes;
        }
    }

    /// <summary>What was copied last.</summary>
    public string? Clipboard { get; private set; }

    /// <summary>How often the terminal was lent or stopped.</summary>
    public int TimesGiven { get; private set; }

    /// <summary>The shown frame as lines of text without trailing blanks; empty before the first frame.</summary>
    public string Text
    {
        get
        {
            lock (_gate)
            {
                using var text = new StringWriter();
                if (_frame is not null)
                    FrameWriter.Write(_frame, text);
                return text.ToString();
            }
        }
    }

    /// <summary>A copy of the shown frame; null before the first one.</summary>
    public CellBuffer? Frame
    {
        get
        {
            lock (_gate)
                return _frame?.Copy();
        }
    }

    /// <summary>Scripts something the user or the system does.</summary>
    public void Send(TerminalEvent happening) => _events.Writer.TryWrite(happening);

    /// <summary>Presses keys given in their text form, such as <c>"j", "ctrl-r", "enter"</c>.</summary>
    /// <exception cref="ArgumentException">One is not a key.</exception>
    public void Press(params ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
            Send(new TerminalEvent.KeyPressed(KeyPress.TryParse(key, out var press) ? press : throw new ArgumentException($"`{key}` is not a key", nameof(keys))));
    }

    /// <summary>Types text, a key a character.</summary>
    public void Type(string text)
    {
        foreach (var rune in text.EnumerateRunes())
            Send(new TerminalEvent.KeyPressed(new KeyPress(Key.Character, rune)));
    }

    /// <summary>Clicks with the left button.</summary>
    public void Click(int x, int y)
    {
        Send(new TerminalEvent.Mouse(MouseAction.Press, x, y, KeyModifiers.None));
        Send(new TerminalEvent.Mouse(MouseAction.Release, x, y, KeyModifiers.None));
    }

    /// <summary>Changes the size.</summary>
    public void Resize(FrameSize size)
    {
        Size = size;
        Send(new TerminalEvent.Resized(size));
    }

    /// <summary>Waits until the shown text is as wanted and returns it.</summary>
    /// <exception cref="TimeoutException">It did not come; the message holds what is shown instead.</exception>
    public async Task<string> WaitForAsync(Func<string, bool> wanted, TimeSpan deadline)
    {
        using var late = new CancellationTokenSource(deadline);
        while (true)
        {
            var next = NextPresent();
            var text = Text;
            if (wanted(text))
                return text;
            try
            {
                await next.WaitAsync(late.Token);
            }
            catch (OperationCanceledException cause)
            {
                throw new TimeoutException($"the screen did not come within {deadline}; it shows:\n{Text}", cause);
            }
        }
    }

    /// <inheritdoc/>
    public void Present(CellBuffer frame)
    {
        TaskCompletionSource presented;
        lock (_gate)
        {
            if (_frame?.Width == frame.Width && _frame.Height == frame.Height)
                _frame.CopyFrom(frame);
            else
                _frame = frame.Copy();
            _renderer.Render(frame);
            Frames++;
            presented = _presented;
            _presented = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        Presented?.Invoke(frame);
        presented.SetResult();
    }

    /// <inheritdoc/>
    public bool CopyToClipboard(string text)
    {
        if (Encoding.UTF8.GetByteCount(text) > TerminalLimits.Default.ClipboardBytes)
            return false;
        Clipboard = text;
        return true;
    }

    /// <inheritdoc/>
    public async Task BorrowAsync(Func<Task> use)
    {
        TimesGiven++;
        try
        {
            await use();
        }
        finally
        {
            Send(new TerminalEvent.Resumed());
        }
    }

    /// <inheritdoc/>
    public void Suspend()
    {
        TimesGiven++;
        Send(new TerminalEvent.Resumed());
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _events.Writer.TryComplete();
        return ValueTask.CompletedTask;
    }

    private Task NextPresent()
    {
        lock (_gate)
            return _presented.Task;
    }
}
