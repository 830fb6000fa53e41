namespace LazyOC.Tui.Screen;

/// <summary>When the loop must look again although nothing has told it to: the soonest of what its parts ask for.</summary>
internal sealed class Due
{
    /// <summary>Time from now; infinite when nobody waits for the clock.</summary>
    public TimeSpan Soonest { get; private set; } = Timeout.InfiniteTimeSpan;

    public void In(TimeSpan time)
    {
        var wait = time < TimeSpan.Zero ? TimeSpan.Zero : time;
        if (Soonest == Timeout.InfiniteTimeSpan || wait < Soonest)
            Soonest = wait;
    }
}
