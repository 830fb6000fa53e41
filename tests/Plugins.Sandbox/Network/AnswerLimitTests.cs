using System.IO.Compression;
using System.Text;
using LazyOC.Plugins.Contracts.Calls;
using LazyOC.Plugins.Sandbox.Broker;
using LazyOC.Plugins.Sandbox.Quotas;
using Microsoft.AspNetCore.Http;
using static LazyOC.Plugins.Sandbox.Tests.Network.NetworkFixture;

namespace LazyOC.Plugins.Sandbox.Tests.Network;

/// <summary>Servers that give too much, too slowly or too often; each beside the same server under a wider limit.</summary>
public sealed class AnswerLimitTests
{
    private const int BombBytes = 4 << 20;

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task Fetch_Bomb_IsRefusedAtTheLimitOfItsDecompressedSize(string encoding)
    {
        await using var server = await TestServer.StartAsync(async http =>
        {
            http.Response.Headers.ContentEncoding = encoding;
            using var packed = new MemoryStream();
            await using (Stream packer = encoding == "gzip" ? new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true) : new BrotliStream(packed, CompressionLevel.Optimal, leaveOpen: true))
                await packer.WriteAsync(new byte[BombBytes]);
            Assert.InRange(packed.Length, 1, 64 << 10);
            await http.Response.Body.WriteAsync(packed.ToArray());
        });
        await using var fixture = new NetworkFixture();
        await using var control = new NetworkFixture(new SandboxLimits { NetworkDecodedBytes = BombBytes });
        var (plugin, url) = At(server);

        Assert.Equal("too-large: the answer has more than 1,048,576 bytes\nhint: `saveTo` takes up to 16,777,216 bytes into a file", await fixture.GetAsync(plugin, url));
        Assert.Equal(BombBytes, (await control.GetAsync(plugin, url)).Length);
    }

    [Fact]
    public async Task Fetch_WithItsOwnAcceptEncoding_GivesTheBytesAsTheyCame()
    {
        await using var server = await TestServer.StartAsync(async http =>
        {
            http.Response.Headers.ContentEncoding = "gzip";
            await using var packer = new GZipStream(http.Response.Body, CompressionLevel.Optimal);
            await packer.WriteAsync(Encoding.UTF8.GetBytes(http.Request.Headers.AcceptEncoding.ToString()));
        });
        await using var fixture = new NetworkFixture();
        var (plugin, url) = At(server);

        var decoded = Answer(await fixture.FetchAsync(plugin, new HttpFetchRequest { Url = url }));
        var raw = Answer(await fixture.FetchAsync(plugin, new HttpFetchRequest { Url = url, Headers = new() { ["accept-encoding"] = "gzip" } }));

        Assert.Equal("gzip, br", Encoding.UTF8.GetString(decoded.Body!.Bytes.Span));
        Assert.False(decoded.Headers.ContainsKey("content-encoding"));
        Assert.Equal([0x1f, 0x8b], raw.Body!.Bytes[..2].ToArray());
        Assert.Equal("gzip", raw.Headers["content-encoding"]);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task Fetch_NotWhatItsEncodingSays_IsUnavailable(string encoding)
    {
        await using var server = await TestServer.StartAsync(http =>
        {
            http.Response.Headers.ContentEncoding = encoding;
            return http.Response.WriteAsync("this is not compressed");
        });
        await using var fixture = new NetworkFixture();
        var (plugin, url) = At(server);

        Assert.Equal("unavailable: the answer cannot be decompressed", await fixture.GetAsync(plugin, url));
    }

    [Fact]
    public async Task Fetch_EndlessBody_IsCutOffAtTheLimit()
    {
        var ends = 0;
        await using var server = await TestServer.StartAsync(async http =>
        {
            var chunk = new byte[64 << 10];
            try
            {
                while (true) await http.Response.Body.WriteAsync(chunk, http.RequestAborted);
            }
            finally
            {
                Interlocked.Increment(ref ends);
            }
        });
        await using var fixture = new NetworkFixture();
        await using var control = new NetworkFixture(new SandboxLimits { NetworkBodyBytes = 3 << 20 });
        var (plugin, url) = At(server);

        Assert.Equal("too-large: the answer has more than 1,048,576 bytes\nhint: `saveTo` takes up to 16,777,216 bytes into a file", await fixture.GetAsync(plugin, url));
        Assert.Equal("too-large: the answer has more than 3,145,728 bytes\nhint: `saveTo` takes up to 16,777,216 bytes into a file", await control.GetAsync(plugin, url));
        // The server has nobody to write to: its body would never have ended.
        for (var i = 0; i < 500 && Volatile.Read(ref ends) < 2; i++) await Task.Delay(20);
        Assert.Equal(2, ends);
    }

    [Fact]
    public async Task Fetch_BodySaidToBeTooLarge_IsRefusedUnread()
    {
        var release = new TaskCompletionSource();
        await using var server = await TestServer.StartAsync(async http =>
        {
            http.Response.ContentLength = (1 << 20) + 1;
            await http.Response.Body.FlushAsync();
            await release.Task;
        });
        await using var fixture = new NetworkFixture();
        var (plugin, url) = At(server);

        AssertRefused("too-large", await fixture.GetAsync(plugin, url));
        release.SetResult();
    }

    [Fact]
    public async Task Fetch_BodyOfTheLimit_Arrives()
    {
        await using var server = await TestServer.StartAsync(http => http.Response.Body.WriteAsync(new byte[1 << 20]).AsTask());
        await using var fixture = new NetworkFixture();
        var (plugin, url) = At(server);

        Assert.Equal(1 << 20, (await fixture.GetAsync(plugin, url)).Length);
    }

    [Theory]
    [InlineData(null, 30_000)]
    [InlineData(200, 200)]
    [InlineData(90_000, 30_000)]
    public async Task Fetch_SlowBody_EndsWithTheTime(int? timeoutMs, int expectedMs)
    {
        var begun = new TaskCompletionSource();
        await using var server = await TestServer.StartAsync(async http =>
        {
            await http.Response.WriteAsync("a");
            await http.Response.Body.FlushAsync();
            begun.SetResult();
            await Task.Delay(Timeout.Infinite, http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        });
        await using var fixture = new NetworkFixture();
        var (plugin, url) = At(server);

        var slow = fixture.FetchAsync(plugin, new HttpFetchRequest { Url = url, TimeoutMs = timeoutMs });
        await begun.Task;
        fixture.Time.Advance(TimeSpan.FromMilliseconds(expectedMs - 1));
        Assert.False(slow.IsCompleted);
        fixture.Time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal($"timeout: there was no whole answer within {expectedMs} ms", Show(await slow));
    }

    [Fact]
    public async Task Fetch_SlowBodyWithinTheTime_Arrives()
    {
        var begun = new TaskCompletionSource();
        var goOn = new TaskCompletionSource();
        await using var server = await TestServer.StartAsync(async http =>
        {
            await http.Response.WriteAsync("a");
            await http.Response.Body.FlushAsync();
            begun.SetResult();
            await goOn.Task;
            await http.Response.WriteAsync("b");
        });
        await using var fixture = new NetworkFixture();
        var (plugin, url) = At(server);

        var slow = fixture.GetAsync(plugin, url);
        await begun.Task;
        fixture.Time.Advance(TimeSpan.FromSeconds(29));
        goOn.SetResult();

        Assert.Equal("ab", await slow);
    }

    [Fact]
    public async Task Fetch_HeadersTooLong_AreRefused()
    {
        await using var server = await TestServer.StartAsync(http =>
        {
            http.Response.Headers["X-Long"] = new string('a', 40 << 10);
            return http.Response.WriteAsync("hello");
        });
        await using var fixture = new NetworkFixture();
        await using var control = new NetworkFixture(new SandboxLimits { NetworkHeadersKiB = 64 });
        var (plugin, url) = At(server);

        AssertRefused("too-large: the headers of the answer", await fixture.GetAsync(plugin, url));
        Assert.Equal("hello", await control.GetAsync(plugin, url));
    }

    [Fact]
    public async Task Fetch_FifthAtTheSameTime_IsRefusedAndALaterOneIsNot()
    {
        var reached = new SemaphoreSlim(0);
        var goOn = new TaskCompletionSource();
        await using var server = await TestServer.StartAsync(async http =>
        {
            reached.Release();
            await goOn.Task;
            await http.Response.WriteAsync("hello");
        });
        await using var fixture = new NetworkFixture();
        var (plugin, url) = At(server);
        var other = Plugin("acme.other", To($"http://127.0.0.1:{server.Port}"));
        var open = Enumerable.Range(0, 4).Select(_ => fixture.GetAsync(plugin, url)).ToArray();
        for (var i = 0; i < 4; i++) await reached.WaitAsync();

        Assert.Equal("quota-exceeded: 4 requests are open already", await fixture.GetAsync(plugin, url));
        // The door counts it, as what any handler has no room for.
        Assert.Equal(0, fixture.Violations.CountsOf(plugin.Id).QuotaRefused);
        var others = fixture.GetAsync(other, url);
        await reached.WaitAsync();

        goOn.SetResult();
        Assert.All(await Task.WhenAll([.. open, others]), answer => Assert.Equal("hello", answer));
        Assert.Equal("hello", await fixture.GetAsync(plugin, url));
    }

    [Fact]
    public async Task Fetch_MoreBytesThanTheHoursQuota_IsCutOffUntilTheyHaveFlownBack()
    {
        await using var server = await TestServer.StartAsync(http => http.Response.Body.WriteAsync(new byte[30_000]).AsTask());
        await using var fixture = new NetworkFixture(new SandboxLimits { NetworkBytes = new QuotaRate(PerSecond: 64_000 / 3600.0, Burst: 64_000) });
        var (plugin, url) = At(server);
        Assert.Equal(30_000, (await fixture.GetAsync(plugin, url)).Length);
        Assert.Equal(30_000, (await fixture.GetAsync(plugin, url)).Length);

        AssertRefused("quota-exceeded: the quota of network bytes is used up", await fixture.GetAsync(plugin, url));
        AssertRefused("quota-exceeded", Show(await fixture.FetchAsync(plugin, new HttpFetchRequest { Url = url, Method = "POST", Body = new TextOrBytes(new byte[60_000]) })));
        Assert.Equal(3, server.Reached.Count);

        fixture.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(30_000, (await fixture.GetAsync(plugin, url)).Length);
    }

    [Fact]
    public void Limits_OfTheHour_AreThoseOfThePage()
    {
        var limits = new SandboxLimits();

        Assert.Equal(64 << 20, limits.NetworkBytes.PerSecond * 3600, tolerance: 1);
        Assert.Equal(10, limits.Network.PerSecond);
    }

    [Fact]
    public async Task Fetch_NobodyThere_IsUnavailable()
    {
        await using var fixture = new NetworkFixture(configure: WithoutAddressCheck);

        AssertRefused("unavailable: the server does not answer", await fixture.GetAsync(Plugin(To("http://127.0.0.1:9")), "http://127.0.0.1:9/"));
        AssertRefused("unavailable: the server does not answer", await fixture.GetAsync(Plugin(To("http://nowhere.test")), "http://nowhere.test/"));
    }

    [Fact]
    public async Task Fetch_Cancelled_Throws()
    {
        using var cancelled = new CancellationTokenSource();
        await using var server = await TestServer.StartAsync(async http =>
        {
            await cancelled.CancelAsync();
            await Task.Delay(Timeout.Infinite, http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        });
        await using var fixture = new NetworkFixture();
        var (plugin, url) = At(server);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fixture.FetchAsync(plugin, new HttpFetchRequest { Url = url }, cancelled.Token));
    }

    private static (PluginPrincipal Plugin, string Url) At(TestServer server) => (Plugin(To($"http://127.0.0.1:{server.Port}")), $"http://127.0.0.1:{server.Port}/");

    private static HttpFetchAnswer Answer(CallOutcome<HttpFetchAnswer> outcome) => Assert.IsType<CallOutcome<HttpFetchAnswer>.Done>(outcome).Answer;
}
