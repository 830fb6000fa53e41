using static LazyOC.Marketplace.Protocol.Tests.Client.RegistryFixture;
using static LazyOC.Marketplace.Protocol.Tests.Outcomes;

namespace LazyOC.Marketplace.Protocol.Tests.Client;

/// <summary>Packages that come in parts: what is here already is not sent again, and is not trusted either.</summary>
public sealed class ResumedDownloadTests : IAsyncLifetime
{
    private static readonly byte[] Bytes = Demo.Bytes.ToArray();

    private RegistryFixture _registry = null!;

    private string Package => _registry.Server.Root.AbsoluteUri + DemoPath;

    public async Task InitializeAsync() => _registry = await WithDemoAsync();

    public async Task DisposeAsync() => await _registry.DisposeAsync();

    private void PutPart(byte[] bytes)
    {
        Directory.CreateDirectory(_registry.Downloads);
        File.WriteAllBytes(_registry.Part, bytes);
    }

    [Fact]
    public async Task Download_CutOff_GoesOnFromThereTheNextTime()
    {
        _registry.Server.Lie(DemoPath, exchange => SendPartAsync(exchange, 0, 100_000));
        Assert.Equal($"`{Package}` was cut off after 100,000 of {Bytes.Length:N0} bytes\nhint: try again; a download goes on from there", Refusal(await _registry.DownloadAsync()));
        Assert.Equal(Bytes[..100_000], File.ReadAllBytes(_registry.Part));

        await _registry.DownloadsHonestlyAsync(DemoPath);
        Assert.Equal("bytes=100000-", _registry.Server.RequestsOf(DemoPath)[1]["range"]);
        Assert.Equal(Bytes.Length, _registry.Server.BodyBytes[DemoPath]);
    }

    [Fact]
    public async Task Download_CutOffAgainAndAgain_SendsNoByteTwice()
    {
        var asked = 0;
        _registry.Server.Lie(DemoPath, exchange => asked++ switch
        {
            0 => SendPartAsync(exchange, 0, 50_000),
            1 => SendPartAsync(exchange, 50_000, 50_000),
            _ => exchange.AnswerAsync(),
        });
        Assert.Equal(Bytes, Value(await _registry.DownloadAsync(Limits with { Attempts = 3 })).ToArray());
        Assert.Equal([null, "bytes=50000-", "bytes=100000-"], _registry.Server.RequestsOf(DemoPath).Select(request => request["range"]));
        Assert.Equal(Bytes.Length, _registry.Server.BodyBytes[DemoPath]);
        Assert.Empty(_registry.Left);
    }

    [Fact]
    public async Task Download_ServerWithoutRanges_BeginsAnew()
    {
        PutPart(Bytes[..100_000]);
        _registry.Server.Lie(DemoPath, Bytes, "200 OK", $"Content-Length: {Bytes.Length}");
        Assert.Equal(Bytes, Value(await _registry.DownloadAsync()).ToArray());
        Assert.Equal("bytes=100000-", Assert.Single(_registry.Server.RequestsOf(DemoPath))["range"]);
    }

    [Theory]
    [InlineData("Content-Range: bytes 0-99/{size}")]
    [InlineData("Content-Range: bytes 100-{last}/{size}")]
    [InlineData("Content-Range: bytes 1000-1001/{size}")]
    [InlineData("X-Content-Range: none")]
    public async Task Download_AnotherPartThanAskedFor_IsRefused(string range)
    {
        PutPart(Bytes[..1000]);
        _registry.Server.Lie(DemoPath, Bytes[1000..], "206 Partial Content", range.Replace("{last}", $"{Bytes.Length - 1}", StringComparison.Ordinal).Replace("{size}", $"{Bytes.Length}", StringComparison.Ordinal));
        await _registry.RefusesDownloadAsync($"`{Package}` was sent in another part than the one asked for\nhint: tell who keeps the registry");
    }

    [Fact]
    public async Task Download_FileThatEndsBeforeThePart_IsRefused()
    {
        PutPart(Bytes[..1000]);
        _registry.Server.Lie(DemoPath, "416 Range Not Satisfiable\r\nContent-Range: bytes */1000");
        await _registry.RefusesDownloadAsync($"`{Package}` is shorter than the {Bytes.Length:N0} bytes that its index says\nhint: tell who keeps the registry");
    }

    [Fact]
    public async Task Download_PartThatIsTooLong_BeginsAnew()
    {
        PutPart([.. Bytes, 0]);
        await _registry.DownloadsHonestlyAsync(DemoPath);
        Assert.Null(Assert.Single(_registry.Server.RequestsOf(DemoPath))["range"]);
    }

    [Fact]
    public async Task Download_PartThatIsWhole_AsksForNothing()
    {
        PutPart(Bytes);
        await _registry.DownloadsHonestlyAsync(DemoPath);
        Assert.Empty(_registry.Server.RequestsOf(DemoPath));
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(int.MaxValue)]
    public async Task Download_DamagedPart_BeginsAnewOnce(int length)
    {
        var damaged = Bytes[..Math.Min(length, Bytes.Length)];
        damaged[10] ^= 1;
        PutPart(damaged);
        await _registry.DownloadsHonestlyAsync(DemoPath);
        Assert.Null(_registry.Server.RequestsOf(DemoPath)[^1]["range"]);
        Assert.Equal((2L * Bytes.Length) - damaged.Length, _registry.Server.BodyBytes[DemoPath]);
    }

    [Fact]
    public async Task Download_DamagedPartAndALyingServer_IsAskedTwiceAndNoMore()
    {
        PutPart([1, 2, 3]);
        _registry.Server.Lie(DemoPath, new byte[Bytes.Length], "200 OK", $"Content-Length: {Bytes.Length}");
        Assert.Contains("sent another package", Refusal(await _registry.DownloadAsync()), StringComparison.Ordinal);
        Assert.Equal(2, _registry.Server.RequestsOf(DemoPath).Length);
        Assert.Empty(_registry.Left);
    }

    [Fact]
    public async Task Download_TwoAtOnce_DoNotDisturbEachOther()
    {
        var (begun, goesOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        var asked = 0;
        _registry.Server.Lie(DemoPath, async exchange =>
        {
            if (Interlocked.Increment(ref asked) > 1)
            {
                await exchange.AnswerAsync();
                return;
            }
            await SendPartAsync(exchange, 0, 1000);
            begun.SetResult();
            await exchange.WaitAsync(goesOn.Task);
            await exchange.SendBodyAsync(Bytes.AsMemory(1000));
        });
        var first = _registry.DownloadAsync();
        await begun.Task;
        Assert.Equal(Bytes, Value(await _registry.DownloadAsync()).ToArray());
        Assert.Equal([Path.GetFileName(_registry.Part)], _registry.Left);
        goesOn.SetResult();
        Assert.Equal(Bytes, Value(await first).ToArray());
        Assert.Equal(2, _registry.Server.RequestsOf(DemoPath).Length);
        Assert.Empty(_registry.Left);
    }

    [Fact]
    public async Task Download_SecondOfTwoCutOff_LeavesOnlyThePartThatIsGoneOnWith()
    {
        var (begun, goesOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        var asked = 0;
        _registry.Server.Lie(DemoPath, async exchange =>
        {
            await SendPartAsync(exchange, 0, 1000);
            if (Interlocked.Increment(ref asked) > 1) return;
            begun.SetResult();
            await exchange.WaitAsync(goesOn.Task);
        });
        var first = _registry.DownloadAsync();
        await begun.Task;
        Assert.Contains("was cut off after 1,000", Refusal(await _registry.DownloadAsync()), StringComparison.Ordinal);
        goesOn.SetResult();
        Assert.Contains("was cut off after 1,000", Refusal(await first), StringComparison.Ordinal);
        Assert.Equal([Path.GetFileName(_registry.Part)], _registry.Left);
        await _registry.DownloadsHonestlyAsync(DemoPath);
    }
}
