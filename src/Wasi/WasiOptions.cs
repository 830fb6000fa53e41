using System.Collections.Immutable;
using System.Security.Cryptography;

namespace LazyOC.Wasi;

/// <summary>What a guest gets of the world. The defaults are nothing: no arguments, no variables, no files, no output.</summary>
/// <remarks>Immutable; streams and file systems in it are used on the thread that runs the guest.</remarks>
public sealed record WasiOptions
{
    /// <summary>Command line, the program's name first. Without NUL characters.</summary>
    public ImmutableArray<string> Arguments { get; init; } = [];

    /// <summary>Environment variables. Names without <c>=</c>, both without NUL characters.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Environment { get; init; } = [];

    /// <summary>
    /// What the guest reads as descriptor 0. Not disposed. One that is an <see cref="IPolledInput"/> can make a poll wait.
    /// </summary>
    public Stream StandardInput { get; init; } = Stream.Null;

    /// <summary>Where descriptor 1 writes. Flushed after each call of the guest, not disposed.</summary>
    public Stream StandardOutput { get; init; } = Stream.Null;

    /// <summary>Where descriptor 2 writes. Flushed after each call of the guest, not disposed.</summary>
    public Stream StandardError { get; init; } = Stream.Null;

    /// <summary>The standard streams that guests see as terminals; C programs write line by line to those.</summary>
    public WasiTerminals Terminals { get; init; } = WasiTerminals.All;

    /// <summary>File systems the guest finds already opened, as descriptors 3, 4, … in this order.</summary>
    public ImmutableArray<WasiMount> Mounts { get; init; } = [];

    /// <summary>The guest's clocks and sleeps.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>
    /// Guests see clocks in whole multiples of so many nanoseconds, one millisecond unless told otherwise: a finer clock
    /// would let them measure what is none of their business. 1 is all that the system offers.
    /// </summary>
    public long ClockResolutionNs { get; init; } = 1_000_000;

    /// <summary>
    /// Whether the clocks of CPU time say what this process and the calling thread have used. They say the time since the
    /// context was made otherwise, which tells a guest nothing of others in the process.
    /// </summary>
    public bool MeasuresCpuTime { get; init; }

    /// <summary>Fills a span with random bytes.</summary>
    public Action<Span<byte>> Random { get; init; } = RandomNumberGenerator.Fill;

    /// <summary>Limits on what one guest may hold or move.</summary>
    public WasiLimits Limits { get; init; } = WasiLimits.Default;
}

/// <summary>A file system and the path under which the guest sees its root.</summary>
public sealed record WasiMount(string GuestPath, VirtualFileSystem FileSystem);

/// <summary>Which standard streams are terminals.</summary>
[Flags]
public enum WasiTerminals
{
    /// <summary>None of them.</summary>
    None = 0,

    /// <summary>Standard input.</summary>
    Input = 1,

    /// <summary>Standard output.</summary>
    Output = 2,

    /// <summary>Standard error.</summary>
    Error = 4,

    /// <summary>All three.</summary>
    All = Input | Output | Error,
}

/// <summary>A standard input that knows whether reading would wait.</summary>
public interface IPolledInput
{
    /// <summary>
    /// Bytes that can be read at once; 0 at the end of the input, <see langword="null"/> while reading would wait.
    /// Asked every few milliseconds while a guest polls.
    /// </summary>
    long? ReadableBytes { get; }
}
