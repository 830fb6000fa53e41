using System.Diagnostics;
using System.Runtime.InteropServices;

namespace LazyOC.Plugins.Sandbox.Guests;

/// <summary>CPU time of one thread, readable from every thread.</summary>
/// <remarks>
/// On Linux it is the thread's own CPU clock, so that a busy machine takes nothing from a guest's budget. Elsewhere it
/// is elapsed time; whoever measures leaves out the time a guest waits (<see cref="TurnBudget.Pause"/>).
/// Source: POSIX.1-2017, pthread_getcpuclockid and clock_gettime.
/// </remarks>
internal readonly partial record struct ThreadCpuClock
{
    [ThreadStatic]
    private static int _current;

    private readonly int _id;

    private ThreadCpuClock(int id) => _id = id;

    /// <summary>The calling thread's clock.</summary>
    public static ThreadCpuClock OfCurrentThread()
    {
        if (_current == 0 && OperatingSystem.IsLinux() && GetThreadClock(CurrentThread(), out var id) == 0)
            _current = id;
        return new ThreadCpuClock(_current);
    }

    /// <summary>What the clock shows now; only differences mean something.</summary>
    public TimeSpan Read() => _id != 0 && GetTime(_id, out var time) == 0
        ? new TimeSpan((time.Seconds * TimeSpan.TicksPerSecond) + (time.Nanoseconds / TimeSpan.NanosecondsPerTick))
        : Stopwatch.GetElapsedTime(0);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct TimeSpec
    {
        public readonly nint Seconds;
        public readonly nint Nanoseconds;
    }

    [DllImport("libc", EntryPoint = "pthread_self")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint CurrentThread();

    [DllImport("libc", EntryPoint = "pthread_getcpuclockid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int GetThreadClock(nint thread, out int clock);

    [DllImport("libc", EntryPoint = "clock_gettime")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int GetTime(int clock, out TimeSpec time);
}
