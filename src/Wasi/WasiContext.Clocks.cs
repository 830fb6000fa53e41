using LazyOC.Wasm;

namespace LazyOC.Wasi;

/// <content>Clocks.</content>
public sealed partial class WasiContext
{
    private const int RealtimeClock = 0;
    private const int MonotonicClock = 1;
    private const int ProcessClock = 2;
    private const int ThreadClock = 3;
    private const int LastClock = ThreadClock;

    private readonly ulong _resolutionNs;

    private void AddClocks()
    {
        Define("clock_res_get", (WasmInstance caller, int clock, int result) =>
            (int)((uint)clock > LastClock ? Errno.Invalid : GuestMemory.Of(caller).Write((uint)result, Resolution(clock))));
        Define("clock_time_get", (WasmInstance caller, int clock, long precision, int result) =>
            (int)((uint)clock > LastClock ? Errno.Invalid : GuestMemory.Of(caller).Write((uint)result, Time(clock))));
        Define("poll_oneoff", (WasmInstance caller, int subscriptions, int events, int count, int result) =>
            (int)Poll(caller, (uint)subscriptions, (uint)events, (uint)count, (uint)result));
    }

    /// <summary>The least difference between two times that a guest can see, in nanoseconds.</summary>
    private ulong Resolution(int clock)
    {
        var ofSource = clock == MonotonicClock
            ? Math.Max(1, WasiTime.NanosecondsPerSecond / (ulong)_options.TimeProvider.TimestampFrequency)
            : TimeSpan.NanosecondsPerTick;
        return Math.Max(_resolutionNs, ofSource);
    }

    /// <summary>Present time, in nanoseconds: since 1970, or since some start for every other clock.</summary>
    private ulong Time(int clock)
    {
        var time = clock switch
        {
            RealtimeClock => WasiTime.ToNanoseconds(_options.TimeProvider.GetUtcNow()),
            ProcessClock when _options.MeasuresCpuTime => WasiTime.ToNanoseconds(CpuTime.OfThisProcess()),
            ThreadClock when _options.MeasuresCpuTime => WasiTime.ToNanoseconds(CpuTime.OfThisThread()),
            _ => Elapsed(),
        };
        return time - (time % _resolutionNs);
    }

    private ulong Elapsed()
    {
        var ticks = (UInt128)(ulong)Math.Max(0, _options.TimeProvider.GetTimestamp() - _startTimestamp);
        return (ulong)(ticks * WasiTime.NanosecondsPerSecond / (ulong)_options.TimeProvider.TimestampFrequency);
    }
}
