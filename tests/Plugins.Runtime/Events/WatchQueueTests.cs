using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Runtime.Events;

namespace LazyOC.Plugins.Runtime.Tests.Events;

public sealed class WatchQueueTests
{
    private int _arrived;

    [Fact]
    public void Take_Nothing_IsNull() => Assert.Null(Queue().Take(1_000));

    [Fact]
    public void Post_SameObject_KeepsTheLatestInTheFirstPlace()
    {
        var queue = Queue();
        queue.Post(Change("a", WatchEventType.Added));
        queue.Post(Change("b", WatchEventType.Modified));
        queue.Post(Change("a", WatchEventType.Modified));
        queue.Post(Change("b", WatchEventType.Deleted));

        var batch = queue.Take(1_000)!;

        Assert.Equal([("a", WatchEventType.Added), ("b", WatchEventType.Deleted)], batch.Changes.Select(c => (c.Object.Name, c.Type)));
        Assert.Equal(0, batch.Lost);
        Assert.Equal(4, _arrived);
    }

    [Fact]
    public void Post_ObjectsWithoutUid_AreToldApartByName()
    {
        var queue = Queue();
        foreach (var name in "aba")
        {
            var change = Change($"{name}", WatchEventType.Modified);
            queue.Post(change with { Object = change.Object with { Uid = "" } });
        }

        Assert.Equal(["a", "b"], queue.Take(1_000)!.Changes.Select(c => c.Object.Name));
    }

    [Fact]
    public void Post_BeyondTheNumber_DropsTheOldestAndCounts()
    {
        var queue = Queue(maxChanges: 2);
        foreach (var name in "abcd") queue.Post(Change($"{name}", WatchEventType.Added));

        var batch = queue.Take(1_000)!;

        Assert.Equal(["c", "d"], batch.Changes.Select(c => c.Object.Name));
        Assert.Equal(2, batch.Lost);
        Assert.Null(queue.Take(1_000));
    }

    [Fact]
    public void Post_BeyondTheBytes_DropsTheOldestAndCounts()
    {
        var queue = Queue(maxBytes: 250);
        foreach (var name in "abc") queue.Post(Change($"{name}", WatchEventType.Added));

        var batch = queue.Take(1_000)!;

        Assert.Equal(["b", "c"], batch.Changes.Select(c => c.Object.Name));
        Assert.Equal(1, batch.Lost);
    }

    [Fact]
    public void Take_MoreThanAMessage_IsSplitAndSyncedComesWithTheLast()
    {
        var queue = Queue();
        queue.PostReset();
        foreach (var name in "abc") queue.Post(Change($"{name}", WatchEventType.Added));
        queue.PostSynced();

        var first = queue.Take(250)!;
        var second = queue.Take(250)!;

        Assert.Equal((2, true, false), (first.Changes.Length, first.Reset, first.Synced));
        Assert.Equal((1, false, true), (second.Changes.Length, second.Reset, second.Synced));
        Assert.Null(queue.Take(250));
    }

    [Fact]
    public async Task WaitForRoom_UntilHalfIsFree()
    {
        var queue = Queue(maxChanges: 2);
        queue.Post(Change("a", WatchEventType.Added));
        await queue.WaitForRoomAsync(CancellationToken.None);
        queue.Post(Change("b", WatchEventType.Added));
        var waiting = queue.WaitForRoomAsync(CancellationToken.None);
        Assert.False(waiting.IsCompleted);

        queue.Take(100);

        await waiting.WaitAsync(TimeSpan.FromSeconds(15));
    }

    private WatchQueue Queue(int maxChanges = 100, int maxBytes = 10_000) => new(maxChanges, maxBytes, () => _arrived++);

    private static WaitingChange Change(string name, WatchEventType type) =>
        new(type, new ObjectReference { Group = "", Kind = "Pod", Namespace = "default", Name = name, Uid = name }, null, Bytes: 100);
}
