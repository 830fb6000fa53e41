using System.Diagnostics;
using LazyOC.Wasm;

namespace LazyOC.Fuzz.Wasm.Execution;

/// <summary>Interrupts what takes too long, and ends the process with the seed in its last words when even that fails.</summary>
/// <remarks>The limits are far beyond what a loaded machine needs for a module, so that only a real hang meets them.</remarks>
internal sealed class Watchdog : IDisposable
{
    private static readonly TimeSpan InterruptAfter = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan EndAfter = TimeSpan.FromMinutes(10);

    private readonly Lock _gate = new();
    private readonly Timer _timer;
    private string _what = "the start";
    private WasmInstance? _instance;
    private long _since = Stopwatch.GetTimestamp();

    public Watchdog() => _timer = new Timer(_ => Look(), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));

    /// <summary>How many instances were interrupted.</summary>
    public int Interruptions { get; private set; }

    /// <summary>Begins to watch something else; <paramref name="what"/> names the seed.</summary>
    public void Watch(string what)
    {
        lock (_gate)
        {
            _what = what;
            _instance = null;
            _since = Stopwatch.GetTimestamp();
        }
    }

    /// <summary>The instance to interrupt when it does not come to an end.</summary>
    public void Guard(WasmInstance? instance)
    {
        lock (_gate)
            _instance = instance;
    }

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        lock (_gate)
        {
            var elapsed = Stopwatch.GetElapsedTime(_since);
            if (elapsed > EndAfter)
            {
                Console.Error.WriteLine($"hang: {_what} did not end within {EndAfter.TotalMinutes} minutes");
                Environment.FailFast($"hang: {_what}");
            }
            if (elapsed > InterruptAfter && _instance is { } instance)
            {
                Interruptions++;
                Console.Error.WriteLine($"slow: {_what} was interrupted after {elapsed.TotalSeconds:F0} s");
                instance.Interrupt();
                _instance = null;
            }
        }
    }
}
