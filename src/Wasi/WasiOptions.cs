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

    /// <summary>What the guest reads as descriptor 0. Not disposed.</summary>
    public Stream StandardInput { get; init; } = Stream.Null;

    /// <summary>Where descriptor 1 writes. Flushed after each call of the guest, not disposed.</summary>
    public Stream StandardOutput { get; init; } = Stream.Null;

    /// <summary>Where descriptor 2 writes. Flushed after each call of the guest, not disposed.</summary>
    public Stream StandardError { get; init; } = Stream.Null;

    /// <summary>File systems the guest finds already opened, as descriptors 3, 4, … in this order.</summary>
    public ImmutableArray<WasiMount> Mounts { get; init; } = [];

    /// <summary>The guest's clocks and sleeps. Guests see whole milliseconds.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Fills a span with random bytes.</summary>
    public Action<Span<byte>> Random { get; init; } = RandomNumberGenerator.Fill;

    /// <summary>Limits on what one guest may hold or move.</summary>
    public WasiLimits Limits { get; init; } = WasiLimits.Default;
}

/// <summary>A file system and the path under which the guest sees its root.</summary>
public sealed record WasiMount(string GuestPath, VirtualFileSystem FileSystem);
