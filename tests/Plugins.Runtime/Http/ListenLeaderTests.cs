using System.Text;
using LazyOC.Plugins.Contracts.Messages;

namespace LazyOC.Plugins.Runtime.Tests.Http;

/// <summary>Two hosts on one home, each with the same plugin: one of them listens and works unattended.</summary>
public sealed class ListenLeaderTests : IDisposable
{
    private const string Id = ListenFixture.Id;
    private const string Scale = """{"resource":"deployments","namespace":"bookstore","name":"catalog","replicas":7}""";

    private readonly string _home = Directory.CreateTempSubdirectory("lazyoc-lead-").FullName;
    private readonly int _port = ListenFixture.FreePort();
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false, PooledConnectionLifetime = TimeSpan.Zero });

    public void Dispose()
    {
        _client.Dispose();
        Directory.Delete(_home, recursive: true);
    }

    [Fact]
    public async Task Listen_WhenTheLeaderEnds_IsTakenOverByTheOther()
    {
        var first = await StartAsync("first");
        await UntilLoggedAsync(first, "listening true");
        await using var second = await StartAsync("second");
        await UntilLoggedAsync(second, "listening false");
        Assert.Equal("first", await AskAsync());
        Assert.Contains(second.LogLines, line => line.Contains($"port {_port} is opened here when that one has ended", StringComparison.Ordinal));

        await first.DisposeAsync();

        await UntilLoggedAsync(second, $"port {_port} is listened on here now");
        Assert.Equal("second", await AskAsync());
        await using var third = await StartAsync("third");
        await UntilLoggedAsync(third, "listening false");
        Assert.Equal("second", await AskAsync());
        Assert.Empty(second.Bugs);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Listen_InAProcessThatDoesNotLead_OpensNoSocket(bool oneHome)
    {
        await using var first = await StartAsync("first");
        await UntilLoggedAsync(first, "listening true");
        var other = ListenFixture.FreePort();
        await using var second = await StartAsync("second", port: other, data: oneHome ? _home : null);
        await UntilLoggedAsync(second, $"listening {(oneHome ? "false" : "true")}");

        if (oneHome) await Assert.ThrowsAsync<HttpRequestException>(() => AskAsync(other));
        else Assert.Equal("second", await AskAsync(other));
    }

    [Fact]
    public async Task Listen_PluginThatTheLeaderStopsToRun_IsTakenOverByTheOther()
    {
        await using var first = await StartAsync("first");
        await UntilLoggedAsync(first, "listening true");
        await using var second = await StartAsync("second");
        await UntilLoggedAsync(second, "listening false");

        await first.Host.ApplyAsync([]);

        await UntilLoggedAsync(second, $"port {_port} is listened on here now");
        Assert.Equal("second", await AskAsync());
    }

    [Fact]
    public async Task Listen_VersionThatTakesOverWhereNobodyLeads_WaitsForItsTurn()
    {
        var first = await StartAsync("first");
        await using var second = await StartAsync("second", after: first);
        await UntilLoggedAsync(second, "listening false");
        var next = second.Code(Id, "1.1.0", PermissionsFor(_port), CodeOf("swapped", _port));

        Assert.IsType<PluginChange.Swapped>(Assert.Single(await second.Host.ApplyAsync([next])));
        Assert.Equal("first", await AskAsync());
        await first.DisposeAsync();

        await UntilLoggedAsync(second, $"port {_port} is listened on here now");
        Assert.Equal("swapped", await AskAsync());
    }

    [Fact]
    public async Task Write_Unattended_IsTheLeadersUntilItEnds()
    {
        const string unattended = """{ "kubernetes": [{ "apiGroups": ["apps"], "resources": ["deployments/scale"], "verbs": ["update"], "unattended": true }] }""";
        var doors = new List<Turn>();
        async Task<HostFixture> StartWriterAsync()
        {
            var fixture = await HostFixture.CreateAsync();
            fixture.Data = _home;
            fixture.With(Id, unattended, turn =>
            {
                if (turn.Message.Type == MessageType.Render) doors.Add(turn);
                return Task.FromResult("""{"type":"empty","message":"here"}""");
            });
            await fixture.StartAsync();
            await fixture.OpenTabAsync(Id);
            return fixture;
        }
        var first = await StartWriterAsync();
        await using var second = await StartWriterAsync();

        Assert.Null((await doors[0].TryCallAsync("kubernetes.scale", Scale, null)).Error);
        Assert.Equal(ErrorCode.Conflict, (await doors[1].TryCallAsync("kubernetes.scale", Scale, null)).Error?.Code);
        Assert.NotEqual(7, second.ReplicasOf("catalog"));

        await first.DisposeAsync();

        Assert.Null((await doors[1].TryCallAsync("kubernetes.scale", Scale, null)).Error);
        Assert.Equal(7, second.ReplicasOf("catalog"));
    }

    private async Task<HostFixture> StartAsync(string name, int? port = null, string? data = "", HostFixture? after = null)
    {
        if (after is not null) await UntilLoggedAsync(after, "listening true");
        var fixture = await HostFixture.CreateAsync("empty");
        fixture.Limits = fixture.Limits with { LeaderInterval = TimeSpan.FromMilliseconds(20) };
        fixture.Data = data is "" ? _home : data;
        fixture.WithCode(Id, PermissionsFor(port ?? _port), Encoding.UTF8.GetBytes(CodeOf(name, port ?? _port)), activation: "onStartup");
        return await fixture.StartAsync();
    }

    private static string PermissionsFor(int port) => $$"""{ "network": { "listen": [{{port}}] } }""";

    private static string CodeOf(string name, int port) => $$"""
        lazyoc.on("activate", async () => { console.log("listening " + (await lazyoc.call("http.listen", { port: {{port}} })).listening); });
        lazyoc.on("httpRequest", () => ({ status: 200, body: "{{name}}" }));
        """;

    private Task<string> AskAsync(int? port = null) => _client.GetStringAsync(new Uri($"http://127.0.0.1:{port ?? _port}/"));

    private static async Task UntilLoggedAsync(HostFixture fixture, string text)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!fixture.LogLines.Any(line => line.Contains(text, StringComparison.Ordinal))) await Task.Delay(10, patience.Token);
    }
}
