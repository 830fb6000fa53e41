using System.Diagnostics;

namespace LazyOC.Wasm.Compilation;

/// <summary>The time that the validation and translation of one module may take. Thread-safe.</summary>
internal sealed class TranslationBudget(TimeSpan limit)
{
    private long _spentTicks;

    public TimeSpan Limit { get; } = limit;

    /// <summary>Counts the time until the result is disposed.</summary>
    public Spending Begin() => new(this, Stopwatch.GetTimestamp());

    /// <summary>As <see cref="Begin"/>, for code that a guest waits for.</summary>
    /// <exception cref="TrapException">Nothing is left.</exception>
    public Spending BeginOrTrap()
    {
        var spending = Begin();
        return spending.Total <= Limit
            ? spending
            : throw new TrapException(TrapCode.TranslationLimit, $"{nameof(WasmLimits)}.{nameof(WasmLimits.CompileTime)} is {Limit}");
    }

    public readonly struct Spending(TranslationBudget budget, long started) : IDisposable
    {
        /// <summary>All time spent so far, this included.</summary>
        public TimeSpan Total => TimeSpan.FromTicks(Volatile.Read(ref budget._spentTicks)) + Stopwatch.GetElapsedTime(started);

        public void Dispose() => Interlocked.Add(ref budget._spentTicks, Stopwatch.GetElapsedTime(started).Ticks);
    }
}
