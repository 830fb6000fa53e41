using System.Diagnostics;
using System.Threading.Channels;
using LazyOC.Tui.Screen;

namespace LazyOC.Tui.Terminal;

/// <summary>
/// Reads a terminal on a thread of its own, which sleeps while nothing happens, and queues the events. The queue is bounded:
/// while the screen lags that far behind, input stays in the terminal.
/// </summary>
internal sealed class TtyInput : IDisposable
{
    private static readonly TimeSpan QueuePoll = TimeSpan.FromMilliseconds(20);
    private static readonly FrameSize UsualSize = new(80, 24);

    private readonly TtyDevice _device;
    private readonly TerminalLimits _limits;
    private readonly Action<TerminalAnswers> _onAnswers;
    private readonly Channel<TerminalEvent> _events = Channel.CreateUnbounded<TerminalEvent>();
    private readonly InputParser _parser;
    private readonly Thread _thread;
    private readonly Lock _reading = new();
    private readonly ManualResetEventSlim _mayRead = new(initialState: true);
    private volatile bool _ends;
    private volatile bool _sizeMayHaveChanged;
    private int _closed;
    private long _size;
    private long? _quietAt; // of the reading thread, as is the next
    private long? _resizeAt;

    /// <param name="device">The terminal.</param>
    /// <param name="limits">Bounds.</param>
    /// <param name="onAnswers">Hears what the terminal answered, on the reading thread.</param>
    public TtyInput(TtyDevice device, TerminalLimits limits, Action<TerminalAnswers> onAnswers)
    {
        (_device, _limits, _onAnswers) = (device, limits, onAnswers);
        _parser = new InputParser(limits, Queue);
        _thread = new Thread(Run) { IsBackground = true, Name = "terminal input" };
        Size = device.Size ?? UsualSize;
    }

    public ChannelReader<TerminalEvent> Events => _events.Reader;

    public FrameSize Size
    {
        get
        {
            var packed = Volatile.Read(ref _size);
            return new FrameSize((int)(packed >> 32), (int)packed);
        }
        private set => Volatile.Write(ref _size, (long)value.Width << 32 | (uint)value.Height);
    }

    public void Start() => _thread.Start();

    /// <summary>Returns when nothing is being read; nothing will be until <see cref="Resume"/>.</summary>
    public void Pause()
    {
        _mayRead.Reset();
        _device.Wake();
        lock (_reading)
            return;
    }

    /// <summary>The terminal is ours again.</summary>
    public void Resume()
    {
        Queue(new TerminalEvent.Resumed());
        _sizeMayHaveChanged = true;
        _mayRead.Set();
        _device.Wake();
    }

    /// <summary>Asks for the size to be looked at soon; may be called often.</summary>
    public void SizeMayHaveChanged()
    {
        _sizeMayHaveChanged = true;
        _device.Wake();
    }

    /// <summary>Tells that the program has to end, once, as the last event.</summary>
    public void Close(string reason)
    {
        if (Interlocked.Exchange(ref _closed, 1) != 0)
            return;
        Queue(new TerminalEvent.Closing(reason));
        _events.Writer.TryComplete();
    }

    public void Dispose()
    {
        _ends = true;
        _mayRead.Set();
        _device.Wake();
        if (_thread.IsAlive && _thread != Thread.CurrentThread)
            _thread.Join();
        _events.Writer.TryComplete();
    }

    private void Run()
    {
        var buffer = new byte[4096];
        while (true)
        {
            _mayRead.Wait();
            if (_ends || _closed != 0)
                return;
            lock (_reading)
            {
                if (_mayRead.IsSet)
                    Step(buffer);
            }
        }
    }

    private void Step(byte[] buffer)
    {
        var hasRoom = _events.Reader.Count < _limits.QueuedEvents;
        long? fullUntil = hasRoom ? null : Now + QueuePoll.Ticks;
        var happened = _device.Wait(Until(Earlier(Earlier(_quietAt, _resizeAt), fullUntil)), hasRoom);
        if (_sizeMayHaveChanged)
        {
            _sizeMayHaveChanged = false;
            _resizeAt ??= Now + _limits.ResizeSettles.Ticks;
        }
        if (happened.HasFlag(TtyWait.Readable))
            Read(buffer);
        else if (hasRoom && _quietAt <= Now)
            Quiet();
        if (_resizeAt <= Now)
            Resize();
    }

    private void Read(byte[] buffer)
    {
        if (_device.Read(buffer) is not { } count)
            return;
        if (count == 0)
        {
            Close("the terminal hung up");
            return;
        }
        var before = _parser.Answers;
        _parser.Feed(buffer.AsSpan(0, count));
        ExpectQuiet();
        if (_parser.Answers != before)
            _onAnswers(_parser.Answers);
    }

    private void Quiet()
    {
        _parser.Quiet();
        ExpectQuiet();
    }

    private void ExpectQuiet() => _quietAt = _parser.Patience is { } patience ? Now + patience.Ticks : null;

    private void Resize()
    {
        _resizeAt = null;
        if (_device.Size is not { } size || size == Size)
            return;
        Size = size;
        Queue(new TerminalEvent.Resized(size));
    }

    private static long Now => Stopwatch.GetElapsedTime(0).Ticks;

    private static long? Earlier(long? a, long? b) => a is null || b < a ? b ?? a : a;

    private static TimeSpan? Until(long? time) => time is { } due ? TimeSpan.FromTicks(Math.Max(0, due - Now)) : null;

    private void Queue(TerminalEvent happening) => _events.Writer.TryWrite(happening);
}
