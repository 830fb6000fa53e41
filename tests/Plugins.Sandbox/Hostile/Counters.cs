using LazyOC.Plugins.Sandbox.Guests;
using LazyOC.Wasm.Execution;

namespace LazyOC.Plugins.Sandbox.Hostile;

/// <summary>What guests of this process hold at a moment: counted, not measured.</summary>
internal readonly record struct Counters(long Instances, long ReservedBytes, long CommittedBytes, long BlockBytes, int BusyThreads)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static Counters Now => new(
        LiveResources.Instances, LiveResources.ReservedBytes, LiveResources.CommittedBytes, LiveResources.BlockBytes,
        GuestThreads.Shared.Busy + GuestThreads.Blocking.Busy);

    /// <summary>Polls until everything held beyond this is given back.</summary>
    public async Task AssertReachedAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        while (Now != this && !patience.IsCancellationRequested)
        {
            // What waits for the garbage collector is given back by it.
            GC.Collect();
            GC.WaitForPendingFinalizers();
            await Task.Delay(10, CancellationToken.None);
        }
        Assert.Equal(this, Now);
    }
}
