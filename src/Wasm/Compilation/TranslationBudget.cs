using System.Diagnostics;

namespace LazyOC.Wasm.Compilation;

/// <summary>The time that the validation and translation of one module may take. Thread-safe.</summary>
internal sealed class TranslationBudget(TimeSpan limit)
{
    private readonly Lock _gate = new();
    private TimeSpan _spent;
    private int _open;
    private long _changed = Stopwatch.GetTimestamp();

    public TimeSpan Limit { get; } = limit;

    /// <summary>The time so far, what is going on included.</summary>
    public TimeSpan Spent
    {
        get { lock (_gate) return Now(); }
    }

    /// <summary>Counts the time until the result is disposed.</summary>
    public Spending Begin()
    {
        Change(1);
        return new(this);
    }

    /// <summary>As <see cref="Begin"/>, for code that a guest waits for.</summary>
    /// <exception cref="TrapException">Nothing is left.</exception>
    public Spending BeginOrTrap()
    {
        var spending = Begin();
        if (spending.Total <= Limit) return spending;
        spending.Dispose();
        throw new TrapException(TrapCode.TranslationLimit, $"{nameof(WasmLimits)}.{nameof(WasmLimits.CompileTime)} is {Limit}");
    }

    private void Change(int open)
    {
        lock (_gate)
        {
            _spent = Now();
            _changed = Stopwatch.GetTimestamp();
            _open += open;
        }
    }

    // Of what goes on at the same moment each counts.
    private TimeSpan Now() => _spent + (Stopwatch.GetElapsedTime(_changed) * _open);

    public readonly struct Spending(TranslationBudget budget) : IDisposable
    {
        /// <summary>All time spent so far, this included.</summary>
        public TimeSpan Total => budget.Spent;

        public void Dispose() => budget.Change(-1);
    }
}
