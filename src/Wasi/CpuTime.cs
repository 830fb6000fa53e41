using System.Runtime.InteropServices;

namespace LazyOC.Wasi;

/// <summary>CPU time that was used. Source: POSIX.1-2017, clock_gettime.</summary>
internal static partial class CpuTime
{
    private const int LinuxThreadClock = 3;
    private const int MacThreadClock = 16;

    public static TimeSpan OfThisProcess() => Environment.CpuUsage.TotalTime;

    /// <summary>Where a thread's own time is not told, that of the process, which bounds it.</summary>
    public static TimeSpan OfThisThread()
    {
        var clock = OperatingSystem.IsLinux() ? LinuxThreadClock : OperatingSystem.IsMacOS() ? MacThreadClock : -1;
        return clock >= 0 && Environment.Is64BitProcess && GetTime(clock, out var time) == 0
            ? new TimeSpan((time.Seconds * TimeSpan.TicksPerSecond) + (time.Nanoseconds / TimeSpan.NanosecondsPerTick))
            : OfThisProcess();
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, out TimeSpec time);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct TimeSpec
    {
        public readonly long Seconds;
        public readonly long Nanoseconds;
    }
}
