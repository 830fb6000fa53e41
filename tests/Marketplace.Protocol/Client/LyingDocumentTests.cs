using System.Text;
using LazyOC.Marketplace.Protocol.Client;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Packages.Signing;
using static LazyOC.Marketplace.Protocol.Tests.Client.RegistryFixture;
using static LazyOC.Marketplace.Protocol.Tests.Outcomes;

namespace LazyOC.Marketplace.Protocol.Tests.Client;

/// <summary>A server that does not send the document it was asked for: one message, nothing remembered, and the next honest answer is taken.</summary>
public sealed class LyingDocumentTests : IAsyncLifetime
{
    private RegistryFixture _registry = null!;

    private string Server => _registry.Server.Root.AbsoluteUri;

    private string Index => Server + IndexPath;

    public async Task InitializeAsync() => _registry = await WithDemoAsync();

    public async Task DisposeAsync() => await _registry.DisposeAsync();

    /// <summary>The lie is refused, and leaves nothing; the truth is taken afterwards.</summary>
    private async Task RefusesAsync(string expected, RegistryClientLimits? limits = null)
    {
        Assert.Equal(expected, Refusal(await _registry.IndexAsync(limits)));
        Assert.False(Directory.Exists(_registry.Cache));
        await TakesTheTruthAsync();
    }

    private async Task TakesTheTruthAsync()
    {
        _registry.Server.BeHonest(IndexPath);
        Assert.Single(Value(await _registry.IndexAsync()).Value!.Lines);
    }

    private Task<Fetched> FetchAsync(int maxBytes = 1 << 20, RegistryClientLimits? limits = null) => _registry.Files(limits).FetchAsync(IndexPath, null, maxBytes, CancellationToken.None);

    private int IndexBytes => (int)new FileInfo(Path.Combine(_registry.Folder, IndexPath)).Length;

    [Theory]
    [InlineData("401 Unauthorized", "{server} asks who you are\nhint: give it a token: `lazyoc registry login NAME`")]
    [InlineData("403 Forbidden", "`{index}` may not be read: {server} does not let you\nhint: ask who keeps the registry")]
    [InlineData("410 Gone", "`{index}` is not there any more: it was taken down\nhint: choose another version")]
    [InlineData("418 I'm a teapot", "`{index}` was answered with 418\nhint: check the address")]
    [InlineData("429 Too Many Requests", "{server} has had too many requests\nhint: try again later")]
    [InlineData("429 Too Many Requests\r\nRetry-After: 7", "{server} has had too many requests and asks to wait 7 s\nhint: try again later")]
    [InlineData("429 Too Many Requests\r\nRetry-After: Sun, 01 Mar 2026 12:01:00 GMT", "{server} has had too many requests and asks to wait 60 s\nhint: try again later")]
    [InlineData("500 Internal Server Error", "{server} fails: it answered 500\nhint: try again later")]
    [InlineData("503 Service Unavailable\r\nRetry-After: 3", "{server} fails: it answered 503\nhint: try again later")]
    public async Task Index_Status_IsExplained(string head, string expected)
    {
        _registry.Server.Lie(IndexPath, head, "an explanation of the server's");
        await RefusesAsync(expected.Replace("{server}", Server, StringComparison.Ordinal).Replace("{index}", Index, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Index_TokenThatIsNotAccepted_SaysSo()
    {
        _registry.Server.Lie(IndexPath, "401 Unauthorized");
        Assert.Equal($"{Server} asks who you are\nhint: its token is not accepted any more: `lazyoc registry login NAME`", Refusal(await _registry.Client(token: "old").IndexAsync(SamplePlugin.Id, CancellationToken.None)));
    }

    [Fact]
    public async Task Index_NotFound_IsNoPlugin()
    {
        Assert.Null(Value(await _registry.Client().IndexAsync(PluginId.Parse("acme.other"), CancellationToken.None)).Value);
        await TakesTheTruthAsync();
    }

    [Fact]
    public async Task Index_GoneAfterItWasSeen_IsWithheld()
    {
        Value(await _registry.IndexAsync());
        _registry.Server.Lie(IndexPath, "404 Not Found");
        Assert.Equal($"`{Server}: {IndexPath}` was there before, and is withheld now\nhint: try again later; if it stays so, tell who keeps the registry", Refusal(await _registry.IndexAsync()));
        await TakesTheTruthAsync();
    }

    [Fact]
    public async Task Keys_NotFound_IsRefusedForItHidesRevocations()
    {
        _registry.Server.Lie(KeysPath, "404 Not Found");
        Assert.Equal($"`{Server}: keys of acme` are not there, so nobody can tell which were revoked\nhint: try again later; if it stays so, tell who keeps the registry", Refusal(await _registry.Client().PublisherAsync("acme", CancellationToken.None)));
        _registry.Server.BeHonest(KeysPath);
        Assert.Single(Value(await _registry.Client().PublisherAsync("acme", CancellationToken.None)).Keys.Keys);
    }

    [Fact]
    public async Task Config_NotFound_IsNoRegistry()
    {
        _registry.Server.Lie(RegistryPaths.Config, "404 Not Found");
        Assert.Equal($"{Server} is not a registry: it has no v1/config.json\nhint: check the address", Refusal(await _registry.Client().ConfigAsync(CancellationToken.None)));
    }

    [Theory]
    [InlineData("200 OK\r\nContent-Type: text/html; charset=utf-8", "Sign in")]
    [InlineData("200 OK\r\nContent-Type: application/json", "\n  <!doctype html><p>Sign in")]
    [InlineData("200 OK", "<html></html>")]
    public async Task Index_WebPage_IsSaidToBeOne(string head, string body)
    {
        _registry.Server.Lie(IndexPath, head, body);
        await RefusesAsync($"{Server} sent a web page in place of a registry's file\nhint: check the address; a proxy may be asking you to sign in");
    }

    [Fact]
    public async Task Index_EndlessBody_IsNotReadBeyondItsLimit()
    {
        var isClosed = new TaskCompletionSource();
        _registry.Server.Lie(IndexPath, async exchange =>
        {
            try
            {
                await exchange.SendHeadAsync("200 OK", "Transfer-Encoding: chunked");
                var chunk = Encoding.ASCII.GetBytes($"10000\r\n{new string('x', 0x10000)}\r\n");
                while (true) await exchange.SendBodyAsync(chunk);
            }
            catch (IOException)
            {
                isClosed.SetResult();
            }
        });
        await RefusesAsync($"`{Index}` is longer than the 16,777,216 bytes it may have\nhint: tell who keeps the registry");
        // It ended because the client hung up.
        await isClosed.Task;
    }

    [Fact]
    public async Task Fetch_LongBody_IsRefusedBeyondTheLimitAndReadWithinIt()
    {
        Assert.Equal($"`{Index}` is longer than the {IndexBytes - 1:N0} bytes it may have\nhint: tell who keeps the registry", Assert.IsType<Fetched.Refused>(await FetchAsync(IndexBytes - 1)).Why.ToString());
        Assert.Equal(IndexBytes, Assert.IsType<Fetched.File>(await FetchAsync(IndexBytes)).Bytes.Length);
    }

    [Fact]
    public async Task Index_LengthBeyondTheLimit_IsNotReadAtAll()
    {
        _registry.Server.Lie(IndexPath, "200 OK\r\nContent-Length: 99999999999");
        await RefusesAsync($"`{Index}` is longer than the 16,777,216 bytes it may have\nhint: tell who keeps the registry");
    }

    [Fact]
    public async Task Index_SlowDrip_IsGivenUp()
    {
        _registry.Server.Lie(IndexPath, DripAsync);
        var limits = Limits with { MinBytesPerSecond = 1 };
        var read = _registry.IndexAsync(limits);
        await _registry.Time.ElapseAsync(limits.RateWindow);
        Assert.Equal($"`{Index}` comes too slowly: less than 1 bytes a second\nhint: try again later", Refusal(await read));
        await TakesTheTruthAsync();
    }

    [Fact]
    public async Task Index_SlowDrip_IsWaitedForWhereNoRateIsAskedFor()
    {
        var isEnough = new TaskCompletionSource();
        _registry.Server.Lie(IndexPath, async exchange =>
        {
            var bytes = await File.ReadAllBytesAsync(Path.Combine(_registry.Folder, IndexPath));
            await exchange.SendHeadAsync("200 OK", $"Content-Length: {bytes.Length}");
            await exchange.SendBodyAsync(bytes.AsMemory(0, 10));
            await exchange.WaitAsync(isEnough.Task);
            await exchange.SendBodyAsync(bytes.AsMemory(10));
        });
        var limits = Limits with { MinBytesPerSecond = 0 };
        var read = _registry.IndexAsync(limits);
        await _registry.Time.ElapseAsync(limits.RateWindow);
        isEnough.SetResult();
        Assert.Single(Value(await read).Value!.Lines);
    }

    private static async Task DripAsync(Exchange exchange)
    {
        await exchange.SendHeadAsync("200 OK", "Content-Length: 1000000");
        await exchange.SendBodyAsync("{"u8.ToArray());
        await exchange.ClosedAsync();
    }

    [Fact]
    public async Task Index_NoAnswer_IsNotWaitedForForEver()
    {
        _registry.Server.Lie(IndexPath, exchange => exchange.ClosedAsync());
        var read = _registry.IndexAsync();
        await _registry.Time.ElapseAsync(Limits.AnswerTimeout);
        Assert.Equal($"{Server} does not answer\nhint: check your connection, or try again later", Refusal(await read));
        await TakesTheTruthAsync();
    }

    [Fact]
    public async Task Index_CutInTheHead_SaysThatThereIsNoAnswer()
    {
        _registry.Server.Lie(IndexPath, exchange => exchange.SendRawAsync("HTTP/1.1 200 OK\r\nContent-Le"));
        await RefusesAsync($"{Server} broke the connection off in place of an answer\nhint: try again later");
        _registry.Server.Lie(IndexPath, _ => Task.CompletedTask);
        Assert.StartsWith($"{Server} broke the connection off", Assert.IsType<Fetched.Refused>(await FetchAsync()).Why.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Index_CutInTheBody_SaysWhere()
    {
        _registry.Server.Lie(IndexPath, "200 OK\r\nContent-Length: 1000", "0123456789");
        await RefusesAsync($"`{Index}` was cut off after 10 bytes\nhint: try again; a download goes on from there");
    }

    [Fact]
    public async Task Index_NoWebServer_IsSaidToBeNone()
    {
        _registry.Server.Lie(IndexPath, exchange => exchange.SendRawAsync("SSH-2.0-OpenSSH_9.6\r\n"));
        await RefusesAsync($"{Server} does not answer as a web server does\nhint: check the address");
    }

    [Fact]
    public async Task Index_EndlessHead_IsNotReadBeyondItsLimit()
    {
        var isClosed = new TaskCompletionSource();
        _registry.Server.Lie(IndexPath, async exchange =>
        {
            try
            {
                await exchange.SendRawAsync("HTTP/1.1 200 OK\r\n");
                while (true) await exchange.SendRawAsync($"X-More: {new string('x', 4096)}\r\n");
            }
            catch (IOException)
            {
                isClosed.SetResult();
            }
        });
        await RefusesAsync($"{Server} does not answer as a web server does\nhint: check the address");
        await isClosed.Task;
    }

    [Fact]
    public async Task Index_NotModifiedThoughNothingIsHere_IsRefused()
    {
        _registry.Server.Lie(IndexPath, "304 Not Modified");
        await RefusesAsync($"`{Index}` was said to be as before, though all of it was asked for\nhint: tell who keeps the registry");
    }

    /// <summary>An index of which the registry itself has signed the lines as they are.</summary>
    private void SignLines(Func<string, string> change)
    {
        var written = Encoding.UTF8.GetString(IndexFile.Write(SamplePlugin.Id, 2, Now, Now.AddDays(7), [IndexLine.Of(Demo, Now)], _registry.Root));
        var lines = change(written[(written.IndexOf('\n', StringComparison.Ordinal) + 1)..]);
        var header = $$"""{"id":"acme.demo","sequence":2,"issued":"2026-03-01T12:00:00Z","expires":"2026-03-08T12:00:00Z","lines":{{lines.Count(c => c == '\n')}},"digest":"{{Digest.Of(Encoding.UTF8.GetBytes(lines))}}"}""";
        _registry.Server.Lie(IndexPath, "200 OK", Encoding.UTF8.GetString(DsseEnvelope.Sign(IndexFile.PayloadType, Encoding.UTF8.GetBytes(header), _registry.Root).ToUtf8()) + "\n" + lines);
    }

    [Fact]
    public async Task Index_UnknownField_IsRefused()
    {
        SignLines(lines => lines.Replace("{\"version\"", "{\"color\":1,\"version\"", StringComparison.Ordinal));
        await RefusesAsync($"`{Server}: index of acme.demo: line 2: color` is not a known key\nhint: a newer LazyOC may read it; if there is none, tell those who run the registry");
        SignLines(lines => lines);
        Assert.Single(Value(await _registry.IndexAsync()).Value!.Lines);
    }

    [Fact]
    public async Task Index_DuplicateVersion_IsRefused()
    {
        SignLines(lines => lines + lines);
        await RefusesAsync($"`{Server}: index of acme.demo: line 3: version` 1.0.0 is there twice (build metadata does not tell versions apart)");
    }
}
