using System.Text;
using static LazyOC.Marketplace.Protocol.Tests.Client.RegistryFixture;
using static LazyOC.Marketplace.Protocol.Tests.Outcomes;

namespace LazyOC.Marketplace.Protocol.Tests.Client;

/// <summary>Packages that do not come, come otherwise than the index says, or come in parts.</summary>
public sealed class DownloadTests : IAsyncLifetime
{
    private static readonly byte[] Bytes = Demo.Bytes.ToArray();

    private RegistryFixture _registry = null!;

    private string Server => _registry.Server.Root.AbsoluteUri;

    private string Package => Server + DemoPath;

    public async Task InitializeAsync() => _registry = await WithDemoAsync();

    public async Task DisposeAsync() => await _registry.DisposeAsync();

    private void Send(byte[] body, params string[] head) => _registry.Server.Lie(DemoPath, async exchange =>
    {
        await exchange.SendHeadAsync(head);
        await exchange.SendBodyAsync(body);
    });

    /// <summary>Sends the beginning and breaks the connection.</summary>
    private static async Task CutAsync(Exchange exchange, int from, int bytes)
    {
        await exchange.SendHeadAsync(from == 0 ? ["200 OK", $"Content-Length: {Bytes.Length}"] : ["206 Partial Content", $"Content-Range: bytes {from}-{Bytes.Length - 1}/{Bytes.Length}"]);
        await exchange.SendBodyAsync(Bytes.AsMemory(from, bytes));
    }

    private void PutPart(byte[] bytes)
    {
        Directory.CreateDirectory(_registry.Downloads);
        File.WriteAllBytes(_registry.Part, bytes);
    }

    /// <summary>The lie is refused and leaves nothing; the truth is taken afterwards.</summary>
    private async Task RefusesAsync(string expected)
    {
        Assert.Equal(expected, Refusal(await _registry.DownloadAsync()));
        Assert.Empty(_registry.Left);
        await _registry.DownloadsHonestlyAsync(DemoPath);
    }

    [Fact]
    public async Task Download_Honest_IsThePackageAndLeavesNothing()
    {
        var told = new List<long>();
        Assert.Equal(Bytes, Value(await _registry.DownloadAsync(progress: told.Add)).ToArray());
        Assert.Empty(_registry.Left);
        Assert.Equal((0, Bytes.Length), (told[0], told[^1]));
        Assert.Equal(told.Order(), told);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public async Task Download_OtherLengthThanTheIndexSays_IsRefusedBeforeItIsRead(int difference)
    {
        _registry.Server.Lie(DemoPath, $"200 OK\r\nContent-Length: {Bytes.Length + difference}");
        await RefusesAsync($"`{Package}` has {Bytes.Length + difference:N0} bytes, not the {Bytes.Length:N0} that its index says\nhint: tell who keeps the registry");
    }

    [Fact]
    public async Task Download_LongerThanTheIndexSaysWithoutALength_IsNotReadOn()
    {
        Send([.. Bytes, 0], "200 OK");
        await RefusesAsync($"`{Package}` is longer than the {Bytes.Length:N0} bytes it may have\nhint: tell who keeps the registry");
        Send(Bytes, "200 OK");
        Assert.Equal(Bytes, Value(await _registry.DownloadAsync()).ToArray());
    }

    [Fact]
    public async Task Download_EndlessBody_IsNotReadOn()
    {
        var isClosed = new TaskCompletionSource();
        _registry.Server.Lie(DemoPath, async exchange =>
        {
            try
            {
                await exchange.SendHeadAsync("200 OK", "Transfer-Encoding: chunked");
                while (true) await exchange.SendBodyAsync(Encoding.ASCII.GetBytes($"1000\r\n{new string('x', 0x1000)}\r\n"));
            }
            catch (IOException)
            {
                isClosed.SetResult();
            }
        });
        await RefusesAsync($"`{Package}` is longer than the {Bytes.Length:N0} bytes it may have\nhint: tell who keeps the registry");
        await isClosed.Task;
    }

    [Fact]
    public async Task Download_OtherBytesOfTheSameLength_IsRefused()
    {
        byte[] other = [.. Bytes];
        other[^1] ^= 1;
        Send(other, "200 OK", $"Content-Length: {other.Length}");
        await RefusesAsync($"{Server} sent another package than its index lists: the digest is not {Demo.Digest}\nhint: nothing was installed; try again, and tell who keeps the registry if it stays so");
    }

    [Fact]
    public async Task Download_WebPage_IsSaidToBeOne()
    {
        Send("<p>Sign in"u8.ToArray(), "200 OK", "Content-Type: text/html");
        await RefusesAsync($"{Server} sent a web page in place of a registry's file\nhint: check the address; a proxy may be asking you to sign in");
    }

    [Theory]
    [InlineData("401 Unauthorized", "{server} asks who you are\nhint: give it a token: `lazyoc registry login NAME`")]
    [InlineData("403 Forbidden", "`{package}` may not be read: {server} does not let you\nhint: ask who keeps the registry")]
    [InlineData("404 Not Found", "`{package}` is not there, though the registry's index names it\nhint: tell who keeps the registry")]
    [InlineData("410 Gone", "`{package}` is not there any more: it was taken down\nhint: choose another version")]
    [InlineData("429 Too Many Requests", "{server} has had too many requests\nhint: try again later")]
    [InlineData("429 Too Many Requests\r\nRetry-After: 7", "{server} has had too many requests and asks to wait 7 s\nhint: try again later")]
    [InlineData("500 Internal Server Error", "{server} fails: it answered 500\nhint: try again later")]
    [InlineData("503 Service Unavailable", "{server} fails: it answered 503\nhint: try again later")]
    public async Task Download_Status_IsExplained(string head, string expected)
    {
        _registry.Server.Lie(DemoPath, head);
        await RefusesAsync(expected.Replace("{server}", Server, StringComparison.Ordinal).Replace("{package}", Package, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Download_CutOff_GoesOnFromThereTheNextTime()
    {
        _registry.Server.Lie(DemoPath, exchange => CutAsync(exchange, 0, 100_000));
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
            0 => CutAsync(exchange, 0, 50_000),
            1 => CutAsync(exchange, 50_000, 50_000),
            _ => exchange.AnswerAsync(),
        });
        Assert.Equal(Bytes, Value(await _registry.DownloadAsync(Limits with { Attempts = 3 })).ToArray());
        Assert.Equal([null, "bytes=50000-", "bytes=100000-"], _registry.Server.RequestsOf(DemoPath).Select(request => request["range"]));
        Assert.Equal(Bytes.Length, _registry.Server.BodyBytes[DemoPath]);
        Assert.Empty(_registry.Left);
    }

    [Fact]
    public async Task Download_SlowDrip_IsGivenUpAndKeepsItsPart()
    {
        _registry.Server.Lie(DemoPath, async exchange =>
        {
            await CutAsync(exchange, 0, 1000);
            await exchange.ClosedAsync();
        });
        var here = new TaskCompletionSource();
        var download = _registry.DownloadAsync(Limits with { MinBytesPerSecond = 256 }, progress: length =>
        {
            if (length == 1000) here.TrySetResult();
        });
        await here.Task;
        await _registry.Time.ElapseAsync(Limits.RateWindow);
        Assert.Equal($"`{Package}` comes too slowly: less than 256 bytes a second\nhint: try again later", Refusal(await download));
        Assert.Equal(1000, new FileInfo(_registry.Part).Length);
        await _registry.DownloadsHonestlyAsync(DemoPath);
        Assert.Equal("bytes=1000-", _registry.Server.RequestsOf(DemoPath)[1]["range"]);
    }

    [Fact]
    public async Task Download_ServerWithoutRanges_BeginsAnew()
    {
        PutPart(Bytes[..100_000]);
        Send(Bytes, "200 OK", $"Content-Length: {Bytes.Length}");
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
        Send(Bytes[1000..], "206 Partial Content", range.Replace("{last}", $"{Bytes.Length - 1}", StringComparison.Ordinal).Replace("{size}", $"{Bytes.Length}", StringComparison.Ordinal));
        await RefusesAsync($"`{Package}` was sent in another part than the one asked for\nhint: tell who keeps the registry");
    }

    [Fact]
    public async Task Download_FileThatEndsBeforeThePart_IsRefused()
    {
        PutPart(Bytes[..1000]);
        _registry.Server.Lie(DemoPath, "416 Range Not Satisfiable\r\nContent-Range: bytes */1000");
        await RefusesAsync($"`{Package}` is shorter than the {Bytes.Length:N0} bytes that its index says\nhint: tell who keeps the registry");
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
        Send(new byte[Bytes.Length], "200 OK", $"Content-Length: {Bytes.Length}");
        Assert.Contains("sent another package", Refusal(await _registry.DownloadAsync()), StringComparison.Ordinal);
        Assert.Equal(2, _registry.Server.RequestsOf(DemoPath).Length);
        Assert.Empty(_registry.Left);
    }

    [Fact]
    public async Task Download_Cancelled_LeavesNothing()
    {
        _registry.Server.Lie(DemoPath, async exchange =>
        {
            await CutAsync(exchange, 0, 1000);
            await exchange.ClosedAsync();
        });
        using var ends = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _registry.DownloadAsync(cancellationToken: ends.Token, progress: length =>
        {
            if (length < 1000) return;
            Assert.Single(_registry.Left);
            ends.Cancel();
        }));
        Assert.Empty(_registry.Left);
        await _registry.DownloadsHonestlyAsync(DemoPath);
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
            await CutAsync(exchange, 0, 1000);
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
            await CutAsync(exchange, 0, 1000);
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
