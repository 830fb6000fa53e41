using LazyOC.Plugins.Runtime.Events;

namespace LazyOC.Plugins.Runtime.Tests.Events;

public sealed class LogQueueTests
{
    private int _arrived;

    [Fact]
    public void Take_Nothing_IsNull() => Assert.Null(Queue().Take());

    [Fact]
    public void Take_Lines_AreInOrderAndAsManyAsAMessageTakes()
    {
        var queue = Queue(messageBytes: 12);
        foreach (var line in (string[])["abc", "def", "ghi"]) queue.Post(line, afterGap: false);

        Assert.Equal(["abc", "def"], queue.Take()!.Lines.ToArray());
        Assert.Equal(["ghi"], queue.Take()!.Lines.ToArray());
        Assert.Null(queue.Take());
        Assert.Equal(3, _arrived);
    }

    [Fact]
    public void Post_MoreThanWait_DropsTheOldestAndCounts()
    {
        var byCount = Queue(maxLines: 2);
        var byBytes = Queue(maxBytes: 12);
        foreach (var line in (string[])["abc", "def", "ghi"])
        {
            byCount.Post(line, afterGap: false);
            byBytes.Post(line, afterGap: false);
        }

        foreach (var batch in (LogBatch[])[byCount.Take()!, byBytes.Take()!])
        {
            Assert.Equal(["def", "ghi"], batch.Lines.ToArray());
            Assert.Equal(1, batch.Lost);
        }
        Assert.Null(byCount.Take());
    }

    [Fact]
    public void Post_LineThatNoMessageHolds_IsLost()
    {
        var queue = Queue(messageBytes: 12);
        queue.Post("\u0001\u0002", afterGap: false);
        queue.Post("next", afterGap: false);

        var batch = queue.Take()!;

        Assert.Equal(["next"], batch.Lines.ToArray());
        Assert.Equal(1, batch.Lost);
    }

    [Fact]
    public void Take_Gap_BeginsAMessage()
    {
        var queue = Queue();
        queue.Post("a", afterGap: false);
        queue.Post("b", afterGap: true);
        queue.Post("c", afterGap: false);

        var before = queue.Take()!;
        var after = queue.Take()!;

        Assert.Equal((false, "a"), (before.Gap, string.Join(',', before.Lines)));
        Assert.Equal((true, "b,c"), (after.Gap, string.Join(',', after.Lines)));
    }

    [Fact]
    public void Take_ResetAndEnd_AreToldOnceWithTheFirstAndTheLastLines()
    {
        var queue = Queue(messageBytes: 6);
        queue.PostReset();
        queue.Post("abc", afterGap: false);
        queue.Post("def", afterGap: false);
        queue.PostEnded();

        var first = queue.Take()!;
        var last = queue.Take()!;

        Assert.Equal((true, false), (first.Reset, first.Ended));
        Assert.Equal((false, true), (last.Reset, last.Ended));
        Assert.Null(queue.Take());
    }

    private LogQueue Queue(int maxLines = 100, int maxBytes = 1_000, int messageBytes = 500) => new(maxLines, maxBytes, messageBytes, () => _arrived++);
}
