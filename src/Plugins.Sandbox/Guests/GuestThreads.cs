using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using LazyOC.Wasm;

namespace LazyOC.Plugins.Sandbox.Guests;

/// <summary>Something that has turns to run.</summary>
internal interface ITurnSource
{
    /// <summary>Runs what is due on the calling guest thread; true when more is due already.</summary>
    bool RunTurns();
}

/// <summary>
/// Threads, with stacks for guest code, that guests share. Threads are made when all others are busy, up to a limit, and stay.
/// </summary>
/// <remarks>Thread safe. A source is in the queue or running at most once: it asks for a run again only after <see cref="ITurnSource.RunTurns"/> returned false.</remarks>
internal sealed class GuestThreads(int maxThreads)
{
    /// <summary>
    /// How long a thread looks for more to do before it sleeps: waking it takes longer than most messages. One thread at a
    /// time does so, and none where another could not run meanwhile.
    /// </summary>
    private static readonly TimeSpan LookAround = Environment.ProcessorCount > 1 ? TimeSpan.FromMicroseconds(20) : TimeSpan.Zero;

    private const int SpinsPerLook = 8;

    private readonly object _gate = new();
    private readonly ConcurrentQueue<ITurnSource> _due = new();

    // Under the gate.
    private int _idle;
    private int _threads;
    private bool _isLookingAround;

    /// <summary>
    /// The threads of guests that never wait during a turn, so that a few carry many. A guest that uses up its budget
    /// holds one for that long, hence some to spare.
    /// </summary>
    public static GuestThreads Shared { get; } = new(Math.Max(8, Environment.ProcessorCount));

    /// <summary>The threads of guests that block in host calls: they never take one from those that do not.</summary>
    public static GuestThreads Blocking { get; } = new(GuestBounds.BlockingThreads);

    /// <summary>Threads that run a guest, or are about to look for one, at this moment.</summary>
    public int Busy
    {
        get { lock (_gate) return _threads - _idle; }
    }

    /// <summary>Runs a source's turns soon.</summary>
    public void Run(ITurnSource source)
    {
        lock (_gate)
        {
            _due.Enqueue(source);
            var due = _due.Count;
            if (_idle >= due)
            {
                if (!_isLookingAround || due > 1)
                    Monitor.Pulse(_gate);
                return;
            }
            if (_threads == maxThreads)
                return;
            _threads++;
        }
        GuestThread.Create(Work, "guest").Start();
    }

    private void Work()
    {
        while (true)
            RunNext();
    }

    // In a frame of its own: a thread that waits must not keep alive the guest that it ran last.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void RunNext()
    {
        var source = Take();
        if (source.RunTurns())
            Run(source);
    }

    private ITurnSource Take()
    {
        var looksAround = false;
        ITurnSource? source;
        lock (_gate)
        {
            if (_due.TryDequeue(out source))
                return source;
            _idle++;
            if (!_isLookingAround)
                _isLookingAround = looksAround = true;
        }
        if (looksAround)
        {
            var began = Stopwatch.GetTimestamp();
            while (_due.IsEmpty && Stopwatch.GetElapsedTime(began) < LookAround)
                Thread.SpinWait(SpinsPerLook);
        }
        lock (_gate)
        {
            if (looksAround)
                _isLookingAround = false;
            while (!_due.TryDequeue(out source))
                Monitor.Wait(_gate);
            _idle--;
            return source;
        }
    }
}
