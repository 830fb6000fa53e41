namespace LazyOC.Wasi;

/// <summary>Times as WASI counts them. Source: WASI preview 1, <c>timestamp</c>.</summary>
internal static class WasiTime
{
    public const ulong NanosecondsPerSecond = 1_000_000_000;
    public const ulong NanosecondsPerMillisecond = 1_000_000;

    /// <summary>Nanoseconds since 1970; a time before that is 0.</summary>
    public static ulong ToNanoseconds(DateTimeOffset time) =>
        (ulong)Math.Max(0, time.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) * (ulong)TimeSpan.NanosecondsPerTick;

    /// <summary>Nanoseconds of a span of time that is not negative.</summary>
    public static ulong ToNanoseconds(TimeSpan time) => (ulong)Math.Max(0, time.Ticks) * (ulong)TimeSpan.NanosecondsPerTick;

    /// <summary>The time of so many nanoseconds since 1970, as far as it can be said.</summary>
    public static DateTime ToDateTime(ulong nanoseconds)
    {
        var ticks = (long)(nanoseconds / (ulong)TimeSpan.NanosecondsPerTick);
        return DateTime.UnixEpoch.AddTicks(Math.Min(ticks, DateTime.MaxValue.Ticks - DateTime.UnixEpoch.Ticks));
    }
}
