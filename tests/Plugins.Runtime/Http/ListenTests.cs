using System.Net;
using System.Text;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Runtime.Lifecycle;
using LazyOC.Plugins.Sandbox.Audit;
using LazyOC.Plugins.Sandbox.Guests;

namespace LazyOC.Plugins.Runtime.Tests.Http;

/// <summary>Requests to a port that a plugin listens on, over real sockets.</summary>
public sealed class ListenTests
{
    private const string Hello = """{"status":200,"headers":{"X-By":"plugin"},"body":"hello"}""";

    [Fact]
    public async Task Request_ToAListeningPlugin_ArrivesWholeAndIsAnswered()
    {
        var payload = "";
        await using var listen = await ListenFixture.StartAsync(turn =>
        {
            payload = turn.Payload.GetRawText();
            return Task.FromResult("""{"status":201,"headers":{"Content-Type":"text/x","X-By":"plugin"},"body":{"base64":"/w=="}}""");
        });
        using var request = new HttpRequestMessage(HttpMethod.Put, "a%2Fb/c?d=%20e") { Content = new StringContent("b\u00f6dy", Encoding.UTF8, "text/plain") };
        request.Headers.Add("X-Two", ["one", "two"]);

        var answer = await listen.Client.SendAsync(request);

        Assert.Equal(
            $$"""{"port":{{listen.Port}},"method":"PUT","path":"/a%2Fb/c","query":"d=%20e","headers":{"content-type":"text/plain; charset=utf-8","x-two":"one, two"},"body":"bödy"}""",
            payload);
        Assert.Equal((HttpStatusCode.Created, "text/x", "plugin"), (answer.StatusCode, answer.Content.Headers.ContentType!.ToString(), answer.Headers.GetValues("X-By").Single()));
        Assert.Equal([0xff], await answer.Content.ReadAsByteArrayAsync());
        Assert.Equal([AuditDecision.Intent, AuditDecision.Done], (await listen.Fixture.AuditedAsync(ListenFixture.Id)).Where(line => line.Call == "http.listen").Select(line => line.Decision));
    }

    /// <summary>Where its operator has opened the port for others, names are not known; pages are answered nowhere.</summary>
    [Theory]
    [InlineData("exporter.example:PORT", "", 200)]
    [InlineData("10.0.0.7:PORT", "", 200)]
    [InlineData("localhost:PORT", "Origin: http://localhost:PORT\r\n", 403)]
    public async Task Request_OnAnAddressThatIsNotLoopback_IsPutToThePluginByAnyName_ButNotFromPages(string host, string header, int status)
    {
        await using var listen = await ListenFixture.StartAsync(_ => Task.FromResult(Hello), address: System.Net.IPAddress.Any);

        var line = await listen.SendRawAsync($"GET / HTTP/1.1\r\nHost: {host}\r\n{header}Connection: close\r\n\r\n".Replace("PORT", $"{listen.Port}", StringComparison.Ordinal));

        Assert.StartsWith($"HTTP/1.1 {status} ", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1:PORT", "", 200)]
    [InlineData("localhost:PORT", "", 200)]
    [InlineData("LocalHost:PORT", "", 200)]
    [InlineData("localhost:PORT", "Origin: http://localhost:PORT\r\n", 200)]
    [InlineData("evil.test:PORT", "", 421)]
    [InlineData("evil.test", "", 421)]
    [InlineData("localhost", "", 421)]
    [InlineData("localhost:1", "", 421)]
    [InlineData("127.0.0.1.evil.test:PORT", "", 421)]
    [InlineData("0.0.0.0:PORT", "", 421)]
    [InlineData("", "", 421)]
    [InlineData("localhost:PORT", "Origin: https://evil.test\r\n", 403)]
    [InlineData("localhost:PORT", "Origin: null\r\n", 403)]
    [InlineData("localhost:PORT", "Origin: http://localhost:1\r\n", 403)]
    [InlineData("localhost:PORT", "Origin: https://localhost:PORT\r\n", 403)]
    public async Task Request_ByNameOrFromPage_IsPutToThePluginOnlyWhenBothAreThisComputers(string host, string header, int status)
    {
        var asked = 0;
        await using var listen = await ListenFixture.StartAsync(_ =>
        {
            Interlocked.Increment(ref asked);
            return Task.FromResult(Hello);
        });

        var line = await listen.SendRawAsync($"GET / HTTP/1.1\r\nHost: {host}\r\n{header}Connection: close\r\n\r\n".Replace("PORT", $"{listen.Port}", StringComparison.Ordinal));

        Assert.StartsWith($"HTTP/1.1 {status} ", line, StringComparison.Ordinal);
        Assert.Equal(status == 200 ? 1 : 0, asked);
    }

    [Theory]
    [InlineData("""{"status":200,"headers":{"X":"a\r\nSet-Cookie: b"}}""", 502)]
    [InlineData("""{"status":200,"headers":{"Content-Length":"1"}}""", 502)]
    [InlineData("""{"status":200,"headers":{"Transfer-Encoding":"chunked"}}""", 502)]
    [InlineData("""{"status":101}""", 502)]
    [InlineData("""{"status":999}""", 502)]
    [InlineData("""{"body":"x"}""", 502)]
    [InlineData("[]", 502)]
    [InlineData("""{"status":204,"body":"x"}""", 204)]
    [InlineData(Hello, 200)]
    public async Task Answer_ThatIsNone_IsABadGateway(string answer, int status)
    {
        await using var listen = await ListenFixture.StartAsync(_ => Task.FromResult(answer));

        Assert.Equal(status, (int)(await listen.Client.GetAsync("")).StatusCode);
        Assert.Equal(status == 502 ? 1 : 0, listen.Fixture.Status(ListenFixture.Id).Account.Faults);
        Assert.Empty(listen.Fixture.Bugs);
    }

    [Fact]
    public async Task Request_ToAPluginThatFails_IsABadGatewayAndTheNextIsAnswered()
    {
        await using var listen = await ListenFixture.StartAsync(turn => turn.Payload.GetProperty("path").GetString() == "/fail" ? throw new GuestException("no") : Task.FromResult(Hello));

        Assert.Equal(HttpStatusCode.BadGateway, (await listen.Client.GetAsync("fail")).StatusCode);
        Assert.Equal("hello", await listen.Client.GetStringAsync(""));
    }

    [Fact]
    public async Task Request_ToAPluginThatDoesNotAnswer_TimesOutAtTheGateway()
    {
        await using var listen = await ListenFixture.StartAsync(
            async turn =>
            {
                await Task.Delay(Timeout.Infinite, turn.CancellationToken);
                return "{}";
            },
            RuntimeLimits.OneFrame with { HttpRequestDeadline = TimeSpan.FromMilliseconds(50) });

        Assert.Equal(HttpStatusCode.GatewayTimeout, (await listen.Client.GetAsync("")).StatusCode);
    }

    [Fact]
    public async Task Request_BeforeThePluginIsActive_IsUnavailable()
    {
        await using var listen = await ListenFixture.CreateAsync();
        var listening = new TaskCompletionSource();
        var goOn = new TaskCompletionSource();
        listen.Fixture.With(ListenFixture.Id, listen.Permissions, async turn =>
        {
            if (turn.Message.Type == MessageType.HttpRequest) return Hello;
            if (turn.Message.Type != MessageType.Activate) return "{}";
            await turn.CallAsync("http.listen", $$"""{"port":{{listen.Port}}}""");
            listening.SetResult();
            await goOn.Task;
            return "{}";
        }, "onStartup");
        await listen.Fixture.StartAsync();
        await listening.Task;

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await listen.Client.GetAsync("")).StatusCode);
        goOn.SetResult();
        await listen.Fixture.UntilAsync(() => listen.Fixture.Status(ListenFixture.Id).State == PluginState.Active);
        Assert.Equal("hello", await listen.Client.GetStringAsync(""));
    }

    [Fact]
    public async Task Request_MoreAtOnceThanTheLimit_AreUnavailable()
    {
        var reached = new SemaphoreSlim(0);
        var goOn = new TaskCompletionSource();
        await using var listen = await ListenFixture.StartAsync(
            async _ =>
            {
                reached.Release();
                await goOn.Task;
                return Hello;
            },
            RuntimeLimits.OneFrame with { ListenRequests = 2 });
        var open = new[] { listen.Client.GetStringAsync(""), listen.Client.GetStringAsync("") };
        await reached.WaitAsync();
        await reached.WaitAsync();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await listen.Client.GetAsync("")).StatusCode);
        goOn.SetResult();
        Assert.Equal(["hello", "hello"], await Task.WhenAll(open));
        Assert.Equal("hello", await listen.Client.GetStringAsync(""));
    }

    [Fact]
    public async Task Request_LargerThanTheLimits_IsRefusedUnasked()
    {
        var asked = 0;
        await using var listen = await ListenFixture.StartAsync(_ =>
        {
            Interlocked.Increment(ref asked);
            return Task.FromResult(Hello);
        });
        using var tooLarge = new ByteArrayContent(new byte[(512 << 10) + 1]);
        using var largest = new ByteArrayContent([.. Enumerable.Repeat((byte)0xff, 512 << 10)]);
        // Text of control characters is six times as long in JSON: it is no message any more.
        using var swelling = new ByteArrayContent(new byte[512 << 10]);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await listen.Client.PostAsync("", tooLarge)).StatusCode);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await listen.Client.PostAsync("", swelling)).StatusCode);
        Assert.StartsWith("HTTP/1.1 431 ", await listen.SendRawAsync($"GET / HTTP/1.1\r\nHost: localhost:{listen.Port}\r\nX: {new string('a', 40_000)}\r\n\r\n"), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 400 ", await listen.SendRawAsync($"GET http://localhost:{listen.Port}/ HTTP/1.1\r\nHost: localhost:{listen.Port}\r\nConnection: close\r\n\r\n"), StringComparison.Ordinal);
        Assert.Equal(0, asked);
        Assert.Equal(HttpStatusCode.OK, (await listen.Client.PostAsync("", largest)).StatusCode);
        Assert.Equal(0, listen.Fixture.Status(ListenFixture.Id).Account.Faults);
    }

    [Fact]
    public async Task Listen_WithoutPermissionOrOnAPortInUse_IsRefused()
    {
        await using var listen = await ListenFixture.StartAsync(_ => Task.FromResult(Hello));
        var refusals = new TaskCompletionSource<string[]>();
        var other = listen.Fixture.Package("acme.other", "1.0.0", $$"""{ "network": { "listen": [{{listen.Port}}, {{listen.Fixture.Cluster.Server.Port}}] } }""", async turn =>
        {
            if (turn.Message.Type != MessageType.Activate) return "{}";
            async Task<string> ListenAsync(int port) => (await turn.TryCallAsync("http.listen", $$"""{"port":{{port}}}""", null)).Error is { } error ? $"{error.Code}: {error.Message}" : "listens";
            refusals.SetResult([await ListenAsync(1), await ListenAsync(listen.Port), await ListenAsync(listen.Fixture.Cluster.Server.Port), await ListenAsync(0)]);
            return "{}";
        }, "onStartup");

        await listen.Fixture.Host.ApplyAsync([.. listen.Fixture.Plugins, other]);

        Assert.Equal(
            [
                "permission-denied: this plugin has no permission to listen on port 1",
                $"conflict: port {listen.Port} is in use by another program or plugin",
                $"conflict: port {listen.Fixture.Cluster.Server.Port} is in use by another program or plugin",
                "invalid: the arguments of `http.listen` are not valid: `port` is 0; it is from 1 to 65535",
            ],
            await refusals.Task);
        Assert.Equal("hello", await listen.Client.GetStringAsync(""));
    }

    [Fact]
    public async Task Port_OfAPluginThatIsRemoved_IsClosed()
    {
        await using var listen = await ListenFixture.StartAsync(_ => Task.FromResult(Hello));
        Assert.True(await listen.IsOpenAsync());

        await listen.Fixture.Host.ApplyAsync([]);

        Assert.False(await listen.IsOpenAsync());
    }

    [Fact]
    public async Task Port_OfAPluginThatIsStartedAgainAfterAFault_IsOpenAgain()
    {
        await using var listen = await ListenFixture.StartAsync(turn =>
            turn.Payload.GetProperty("path").GetString() == "/die" ? throw new GuestException("gone", GuestFaultKind.Trapped, instanceLost: true) : Task.FromResult(Hello));

        Assert.Equal(HttpStatusCode.BadGateway, (await listen.Client.GetAsync("die")).StatusCode);
        await listen.Fixture.UntilAsync(() => listen.Fixture.Status(ListenFixture.Id) is { State: PluginState.Active, Account.Restarts: 1 });

        Assert.Equal("hello", await listen.Client.GetStringAsync(""));
    }
}
