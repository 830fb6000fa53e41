using System.Text;
using static LazyOC.Marketplace.Protocol.Tests.Client.RegistryFixture;
using static LazyOC.Marketplace.Protocol.Tests.Outcomes;

namespace LazyOC.Marketplace.Protocol.Tests.Client;

/// <summary>Packages that do not come, or come otherwise than the index says.</summary>
public sealed class DownloadTests : IAsyncLifetime
{
    private static readonly byte[] Bytes = Demo.Bytes.ToArray();

    private RegistryFixture _registry = null!;

    private string Server => _registry.Server.Root.AbsoluteUri;

    private string Package => Server + DemoPath;

    public async Task InitializeAsync() => _registry = await WithDemoAsync();

    public async Task DisposeAsync() => await _registry.DisposeAsync();

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
        await _registry.RefusesDownloadAsync($"`{Package}` has {Bytes.Length + difference:N0} bytes, not the {Bytes.Length:N0} that its index says\nhint: tell who keeps the registry");
    }

    [Fact]
    public async Task Download_LongerThanTheIndexSaysWithoutALength_IsNotReadOn()
    {
        _registry.Server.Lie(DemoPath, [.. Bytes, 0], "200 OK");
        await _registry.RefusesDownloadAsync($"`{Package}` is longer than the {Bytes.Length:N0} bytes it may have\nhint: tell who keeps the registry");
        _registry.Server.Lie(DemoPath, Bytes, "200 OK");
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
        await _registry.RefusesDownloadAsync($"`{Package}` is longer than the {Bytes.Length:N0} bytes it may have\nhint: tell who keeps the registry");
        await isClosed.Task;
    }

    [Fact]
    public async Task Download_OtherBytesOfTheSameLength_IsRefused()
    {
        byte[] other = [.. Bytes];
        other[^1] ^= 1;
        _registry.Server.Lie(DemoPath, other, "200 OK", $"Content-Length: {other.Length}");
        await _registry.RefusesDownloadAsync($"{Server} sent another package than its index lists: the digest is not {Demo.Digest}\nhint: nothing was installed; try again, and tell who keeps the registry if it stays so");
    }

    [Fact]
    public async Task Download_WebPage_IsSaidToBeOne()
    {
        _registry.Server.Lie(DemoPath, "<p>Sign in"u8.ToArray(), "200 OK", "Content-Type: text/html");
        await _registry.RefusesDownloadAsync($"{Server} sent a web page in place of a registry's file\nhint: check the address; a proxy may be asking you to sign in");
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
        await _registry.RefusesDownloadAsync(expected.Replace("{server}", Server, StringComparison.Ordinal).Replace("{package}", Package, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Download_SlowDrip_IsGivenUpAndKeepsItsPart()
    {
        _registry.Server.Lie(DemoPath, async exchange =>
        {
            await SendPartAsync(exchange, 0, 1000);
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
    public async Task Download_Cancelled_LeavesNothing()
    {
        _registry.Server.Lie(DemoPath, async exchange =>
        {
            await SendPartAsync(exchange, 0, 1000);
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
}
