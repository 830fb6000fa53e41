namespace LazyOC.Wasm;

/// <summary>What one instance may use. Every value is a ceiling; the module may ask for less.</summary>
/// <remarks>Immutable; safe to share.</remarks>
public sealed record InstanceOptions
{
    /// <summary>The options that hold when the caller names none.</summary>
    public static InstanceOptions Default { get; } = new();

    /// <summary>
    /// Greatest size of all memories that the module defines together, in bytes. <c>memory.grow</c> beyond it, or beyond
    /// <see cref="WasmLimits.MemoryPages"/>, returns −1; a module whose initial memory is larger is not instantiated.
    /// </summary>
    public long MaxMemoryBytes { get; init; } = 64L * 1024 * 1024;

    /// <summary>
    /// Greatest size of all tables that the module defines together, in elements of up to 24 bytes, with the same
    /// consequences; for each of them <see cref="WasmLimits.TableElements"/> holds as well.
    /// </summary>
    public int MaxTableElements { get; init; } = 1_000_000;

    /// <summary>
    /// Fuel at the start: about one unit for each instruction executed, and one for each 64 bytes that a bulk
    /// instruction moves. The same module, input and fuel stop at the same instruction on every run and machine.
    /// <see langword="null"/> means the instance is not metered, and its code is faster for it.
    /// </summary>
    public long? Fuel { get; init; }

    /// <summary>
    /// Greatest part of a thread's stack that guests may use, in bytes from its top, the host's own frames included;
    /// the thread's stack but for 1 MiB is a ceiling too.
    /// Guests belong on a <see cref="GuestThread"/>, whose stack is 32 MiB.
    /// </summary>
    public long StackLimitBytes { get; init; } = 32L * 1024 * 1024;

    /// <summary>
    /// Told of the instance before its start function runs, on the instantiating thread: another thread can interrupt
    /// that function from then on.
    /// </summary>
    public Action<WasmInstance>? OnCreated { get; init; }
}
