using System.Diagnostics;
using System.Text;
using System.Threading.Channels;
using LazyOC.Tui.Screen;

namespace LazyOC.Tui.Terminal;

/// <summary>
/// The terminal the program was started in, taken whole: raw mode, alternate screen, mouse, paste and focus reports. It is
/// given back once, as it was: when disposed, at the process's end, on an unhandled exception, on signals, and while it is
/// lent or stopped. Only SIGKILL and a failure of the runtime itself leave it taken; `reset` helps then. Thread-safe.
/// </summary>
public sealed class TtyTerminal : ITerminal
{
    /// <summary>Alternate screen, no cursor, no wrapping, mouse with drags in SGR form, bracketed paste, focus.</summary>
    private static ReadOnlySpan<byte> Enter => "\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[?1002h\x1b[?1006h\x1b[?2004h\x1b[?1004h"u8;

    /// <summary>Kitty keyboard flags, DEC mode 2026, device attributes. Some print part of what they do not know, so this comes before the first frame.</summary>
    private static ReadOnlySpan<byte> Questions => "\x1b[?u\x1b[?2026$p\x1b[c"u8;

    private static ReadOnlySpan<byte> PushKeyboard => "\x1b[>1u"u8;

    private static ReadOnlySpan<byte> PopKeyboard => "\x1b[<u"u8;

    private static ReadOnlySpan<byte> Leave => "\x1b[?2026l\x1b[0m\x1b[?1004l\x1b[?2004l\x1b[?1006l\x1b[?1002l\x1b[?7h\x1b[?25h\x1b[?1049l"u8;

    /// <summary>How long the program may take to end by itself before another signal ends it.</summary>
    private static readonly TimeSpan EndTakes = TimeSpan.FromSeconds(1);

    private readonly TtyDevice _device;
    private readonly TtySignals _signals;
    private readonly TtyInput _input;
    private readonly DiffRenderer _renderer;
    private readonly TerminalLimits _limits;
    private readonly Lock _output = new();
    private readonly SemaphoreSlim _giving = new(1, 1);
    private bool _taken;
    private bool _keyboardPushed;
    private int _disposed;
    private long _askedToEnd;

    private TtyTerminal(TtyDevice device, Theme theme, Func<string, string?> environment, TerminalLimits limits)
    {
        _device = device;
        _limits = limits;
        // GNU screen erases with the terminal's own background unless told otherwise.
        var erasesInColor = !(environment("TERM") ?? "").StartsWith("screen", StringComparison.Ordinal) || environment("TMUX") is not null;
        _renderer = new DiffRenderer(theme, ColorDepths.Detect(environment), erasesInColor);
        _input = new TtyInput(device, limits, OnAnswers);
        _signals = new TtySignals(_input.SizeMayHaveChanged, OnEnd, OnStop, OnContinue);
        AppDomain.CurrentDomain.UnhandledException += OnUnhandled;
        AppDomain.CurrentDomain.ProcessExit += OnExit;
    }

    /// <inheritdoc/>
    public FrameSize Size => _input.Size;

    /// <inheritdoc/>
    public ChannelReader<TerminalEvent> Events => _input.Events;

    /// <inheritdoc/>
    public Theme Theme
    {
        get => _renderer.Theme;
        set
        {
            lock (_output)
                _renderer.Theme = value;
        }
    }

    /// <summary>Bytes of all frames so far.</summary>
    public long Bytes
    {
        get
        {
            lock (_output)
                return _renderer.Bytes;
        }
    }

    /// <summary>Takes the controlling terminal, also when standard input and output are redirected.</summary>
    /// <param name="theme">Colours of meanings.</param>
    /// <param name="environment">Reads an environment variable: <c>TERM</c>, <c>COLORTERM</c>, <c>NO_COLOR</c>.</param>
    /// <param name="limits">Bounds; null takes the default.</param>
    /// <exception cref="PlatformNotSupportedException">Not on Linux or macOS.</exception>
    /// <exception cref="IOException">There is no terminal, or it cannot show screens.</exception>
    public static TtyTerminal Open(Theme theme, Func<string, string?> environment, TerminalLimits? limits = null)
    {
        if (!OperatingSystem.IsLinux() && !OperatingSystem.IsMacOS())
            throw new PlatformNotSupportedException("the full-screen interface runs on Linux and macOS; on Windows use it in WSL, or print single frames");
        if (environment("TERM") is null or "" or "dumb")
            throw new IOException("the terminal cannot show screens: TERM is empty or `dumb`");
        var device = TtyDevice.Open();
        var terminal = new TtyTerminal(device, theme, environment, limits ?? TerminalLimits.Default);
        try
        {
            terminal.Take(first: true);
        }
        catch (IOException)
        {
            terminal.Dismantle();
            throw;
        }
        terminal._input.Start();
        return terminal;
    }

    /// <inheritdoc/>
    public void Present(CellBuffer frame)
    {
        lock (_output)
        {
            if (_taken)
                Send(_renderer.Render(frame).Span);
        }
    }

    /// <inheritdoc/>
    public bool CopyToClipboard(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        if (bytes.Length > _limits.ClipboardBytes)
            return false;
        lock (_output)
        {
            if (_taken)
                Send(Encoding.ASCII.GetBytes($"\x1b]52;c;{Convert.ToBase64String(bytes)}\x1b\\"));
        }
        return true;
    }

    /// <inheritdoc/>
    public async Task BorrowAsync(Func<Task> use)
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        await _giving.WaitAsync();
        try
        {
            Give();
            await use();
        }
        finally
        {
            Take(first: false);
            _giving.Release();
        }
    }

    /// <inheritdoc/>
    public void Suspend()
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        _giving.Wait();
        try
        {
            Give();
            _signals.StopGroup();
        }
        finally
        {
            Take(first: false);
            _giving.Release();
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            Give();
            Dismantle();
        }
        return ValueTask.CompletedTask;
    }

    /// <summary>Gives the terminal back, once until it is taken again; nobody reads from it afterwards.</summary>
    private void Give()
    {
        _input.Pause();
        Restore();
    }

    private void Restore()
    {
        _device.Hurry();
        lock (_output)
        {
            if (!_taken)
                return;
            _taken = false;
            if (_keyboardPushed)
                _device.Write(PopKeyboard);
            _device.Write(Leave);
            _device.Restore();
        }
    }

    private void Take(bool first)
    {
        lock (_output)
        {
            if (_disposed != 0)
                return;
            try
            {
                _device.Remember();
            }
            catch (IOException gone) when (!first)
            {
                _input.Close(gone.Message);
                return;
            }
            Seize(first);
        }
        if (first)
            return;
        _input.Resume();
    }

    /// <summary>Sets the modes and the screen; what is shown is not known any more.</summary>
    private void Seize(bool first)
    {
        _device.MakeRaw();
        _taken = true;
        _renderer.Invalidate();
        Send(Enter);
        if (first)
            Send(Questions);
        if (_keyboardPushed)
            Send(PushKeyboard);
    }

    private void Send(ReadOnlySpan<byte> bytes)
    {
        if (!_device.Write(bytes))
            _input.Close("the terminal is gone");
    }

    private void OnAnswers(TerminalAnswers answers)
    {
        lock (_output)
        {
            _renderer.Synchronized = answers.HasFlag(TerminalAnswers.SynchronizedOutput);
            if (!answers.HasFlag(TerminalAnswers.KittyKeyboard) || _keyboardPushed)
                return;
            _keyboardPushed = true;
            if (_taken)
                Send(PushKeyboard);
        }
    }

    /// <summary>A signal asks the screen to end. Another one much later means that it does not; a hangup alone comes as several.</summary>
    private bool OnEnd(string signal)
    {
        var first = Interlocked.CompareExchange(ref _askedToEnd, Stopwatch.GetTimestamp(), 0);
        _input.Close(signal);
        if (first == 0 || Stopwatch.GetElapsedTime(first) < EndTakes)
            return true;
        Restore();
        return false;
    }

    private void OnStop()
    {
        if (_taken)
            Suspend();
        else
            _signals.StopGroup(); // whoever borrowed the terminal stops, and so do we
    }

    /// <summary>After SIGSTOP nothing was restored, and a shell has set modes of its own since.</summary>
    private void OnContinue()
    {
        lock (_output)
        {
            if (!_taken)
                return;
            Seize(first: false);
        }
        _input.Resume();
    }

    private void OnUnhandled(object sender, UnhandledExceptionEventArgs e) => Restore();

    private void OnExit(object? sender, EventArgs e) => Restore();

    private void Dismantle()
    {
        AppDomain.CurrentDomain.UnhandledException -= OnUnhandled;
        AppDomain.CurrentDomain.ProcessExit -= OnExit;
        _signals.Dispose();
        _input.Dispose();
        _device.Dispose();
    }
}
