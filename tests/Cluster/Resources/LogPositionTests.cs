using LazyOC.Cluster.Resources;

namespace LazyOC.Cluster.Tests.Resources;

/// <summary>Going on with a log where it was left.</summary>
public sealed class LogPositionTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 15, 9, 30, 0, TimeSpan.Zero);
    private readonly LogPosition _position = new();

    [Fact]
    public void TryAdvance_SameSecondComesAgain_SkipsWhatWasRead()
    {
        Assert.Equal([true, true, true], Read(100, 200, 200));
        _position.Resume();
        Assert.Equal([false, false, false, true, true], Read(100, 200, 200, 200, 300));
    }

    [Fact]
    public void TryAdvance_NothingComesAgain_TellsOfAGap()
    {
        Read(100);
        _position.Resume();
        Assert.True(_position.TryAdvance(Start.AddMilliseconds(5_000), out var isGap));
        Assert.True(isGap);
        Assert.True(_position.TryAdvance(Start.AddMilliseconds(6_000), out isGap));
        Assert.False(isGap);
    }

    [Fact]
    public void TryAdvance_RestOfACutLine_GoesWhereItsBeginningWent()
    {
        Read(100);
        Assert.True(_position.TryAdvance(null, out _));
        _position.Resume();
        Assert.Equal([false], Read(100));
        Assert.False(_position.TryAdvance(null, out _));
        Assert.Equal([true], Read(200));
        Assert.True(_position.TryAdvance(null, out _));
    }

    [Fact]
    public void Resume_NothingReadYet_TakesAll()
    {
        _position.Resume();
        Assert.Equal([true, true], Read(100, 200));
    }

    private List<bool> Read(params ReadOnlySpan<int> milliseconds)
    {
        var taken = new List<bool>();
        foreach (var ms in milliseconds)
        {
            taken.Add(_position.TryAdvance(Start.AddMilliseconds(ms), out var isGap));
            Assert.False(isGap);
        }
        return taken;
    }
}
