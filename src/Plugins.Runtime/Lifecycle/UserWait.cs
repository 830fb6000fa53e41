namespace LazyOC.Plugins.Runtime.Lifecycle;

/// <summary>Whether an instance waits for the user, for at most one thing at a time. Thread safe.</summary>
internal sealed class UserWait
{
    /// <summary>Odd while it waits; grows by one when a wait begins and when it ends.</summary>
    private int _turns;

    /// <summary>Odd while it waits; another number than before when there was a wait meanwhile.</summary>
    public int Turns => Volatile.Read(ref _turns);

    /// <summary>Begins a wait; false when one is going on.</summary>
    public bool TryBegin()
    {
        var turns = Volatile.Read(ref _turns);
        return turns % 2 == 0 && Interlocked.CompareExchange(ref _turns, turns + 1, turns) == turns;
    }

    /// <summary>Ends the wait.</summary>
    public void End() => Interlocked.Increment(ref _turns);

    /// <summary>Waits for a task, but only for so long without a wait for the user.</summary>
    /// <exception cref="TimeoutException">It did not complete in such a time.</exception>
    public async Task<T> OutlastAsync<T>(Task<T> task, TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        while (true)
        {
            var turns = Volatile.Read(ref _turns);
            try
            {
                return await task.WaitAsync(limit, time, cancellationToken);
            }
            catch (TimeoutException) when (turns % 2 != 0 || Volatile.Read(ref _turns) != turns)
            {
                // Part of that time the user took.
            }
        }
    }
}
