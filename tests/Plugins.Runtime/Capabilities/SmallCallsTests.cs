using System.Collections.Concurrent;
using System.Text.Json;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Runtime.Supervision;

namespace LazyOC.Plugins.Runtime.Tests.Capabilities;

public sealed class SmallCallsTests : IDisposable
{
    private const string Id = "acme.test";
    private const string View = """{"type":"empty","message":"here"}""";

    private readonly ConcurrentQueue<string> _timers = [];
    private readonly SemaphoreSlim _fired = new(0);

    public void Dispose() => _fired.Dispose();

    [Fact]
    public async Task TimersSet_OnceAndAgain_SendsMessages()
    {
        await using var fixture = await StartAsync(async turn =>
        {
            await turn.CallAsync("timers.set", """{"id":"once","delayMs":10}""");
            await turn.CallAsync("timers.set", """{"id":"again","delayMs":10,"repeat":true}""");
            await turn.CallAsync("timers.set", """{"id":"never","delayMs":10}""");
            await turn.CallAsync("timers.clear", """{"id":"never"}""");
        });
        await fixture.Extensions.RunCommandAsync($"{Id}.command", null);

        for (var i = 0; i < 4; i++) Assert.True(await _fired.WaitAsync(TimeSpan.FromSeconds(15)));

        Assert.Single(_timers, "once");
        Assert.True(_timers.Count(id => id == "again") >= 3);
        Assert.DoesNotContain("never", _timers);
    }

    [Fact]
    public async Task TimersSet_MoreThanAreKept_IsRefused()
    {
        var codes = new List<string?>();
        await using var fixture = await StartAsync(
            async turn =>
            {
                for (var i = 0; i < 4; i++) codes.Add((await turn.TryCallAsync("timers.set", $$"""{"id":"{{i % 3}}","delayMs":100000}""", null)).Error?.Code);
                codes.Add((await turn.TryCallAsync("timers.set", """{"id":"9","delayMs":9}""", null)).Error?.Code);
            },
            limits: RuntimeLimits.OneFrame with { Timers = 2 });

        await fixture.Extensions.RunCommandAsync($"{Id}.command", null);

        // The fourth replaces the first.
        Assert.Equal([null, null, ErrorCode.QuotaExceeded, null, ErrorCode.Invalid], codes);
    }

    [Fact]
    public async Task TimersSet_ByAnInstanceThatTakesOver_IsArmedThen()
    {
        await using var fixture = await StartAsync(_ => Task.CompletedTask);
        await fixture.Extensions.RunCommandAsync($"{Id}.command", null);
        var answered = new TaskCompletionSource<JsonElement>();
        var next = fixture.Package(Id, "2.0.0", Permissions.None, async turn =>
        {
            if (turn.Message.Type == MessageType.Activate) answered.TrySetResult(await turn.CallAsync("timers.set", """{"id":"new","delayMs":10}"""));
            if (turn.Message.Type == MessageType.Timer) Fired(turn);
            return View;
        });

        Assert.IsType<PluginChange.Swapped>(Assert.Single(await fixture.Host.ApplyAsync([next])));

        Assert.True(await _fired.WaitAsync(TimeSpan.FromSeconds(15)));
        Assert.Equal(("new", "{}"), (Assert.Single(_timers), (await answered.Task).GetRawText()));
    }

    [Fact]
    public async Task TimersSet_ByAnInstanceThatIsStillAsked_CountsOnlyForItsLanguage()
    {
        await using var fixture = await StartAsync(_ => Task.CompletedTask);
        await fixture.Extensions.RunCommandAsync($"{Id}.command", null);
        var next = fixture.Package(Id, "2.0.0", Permissions.None, async turn =>
        {
            if (turn.Message.Type == MessageType.Timer) Fired(turn);
            if (turn.Message.Type != MessageType.Activate) return View;
            await turn.CallAsync("timers.set", """{"id":"own","delayMs":10}""");
            await turn.CallAsync("timers.set", """{"id":"$9","delayMs":10,"repeat":true}""");
            // As `await` of a `setTimeout` waits: it has not answered, so that nothing can have been taken over.
            await turn.CallAsync("timers.set", """{"id":"$1","delayMs":100}""");
            Assert.True(await _fired.WaitAsync(TimeSpan.FromSeconds(15)));
            Assert.Equal(["$1"], _timers);
            return View;
        });

        Assert.IsType<PluginChange.Swapped>(Assert.Single(await fixture.Host.ApplyAsync([next])));

        for (var i = 0; i < 2 || !_timers.Contains("own") || !_timers.Contains("$9"); i++) Assert.True(await _fired.WaitAsync(TimeSpan.FromSeconds(15)));
        Assert.Single(_timers, "own");
    }

    [Fact]
    public async Task TimersSet_EndsWithTheInstance()
    {
        await using var fixture = await StartAsync(turn => turn.CallAsync("timers.set", """{"id":"again","delayMs":10,"repeat":true}"""));
        await fixture.Extensions.RunCommandAsync($"{Id}.command", null);
        Assert.True(await _fired.WaitAsync(TimeSpan.FromSeconds(15)));

        await fixture.Host.ApplyAsync([]);

        // Nothing of it is left that could send one.
        var count = _timers.Count;
        Assert.Empty(fixture.Host.Plugins);
        Assert.Equal(count, _timers.Count);
        Assert.Empty(fixture.Bugs);
    }

    [Theory]
    [InlineData("sha-256", "\"abc\"", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [InlineData("sha-256", """{"base64":"YWJj"}""", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [InlineData("sha-1", "\"abc\"", "a9993e364706816aba3e25717850c26c9cd0d89d")]
    [InlineData("sha-384", "\"abc\"", "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7")]
    [InlineData("sha-512", "\"abc\"", "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f")]
    public async Task CryptoHash_OfTextOrBytes_IsTheStandards(string algorithm, string data, string hex)
    {
        // FIPS 180-4, examples.
        JsonElement answer = default;
        await using var fixture = await StartAsync(async turn => answer = await turn.CallAsync("crypto.hash", $$"""{"algorithm":"{{algorithm}}","data":{{data}}}"""));
        await fixture.Extensions.RunCommandAsync($"{Id}.command", null);

        Assert.Equal(hex, answer.GetProperty("hex").GetString());
    }

    [Theory]
    [InlineData("crypto.hash", """{"algorithm":"md5","data":""}""")]
    [InlineData("crypto.hash", """{"algorithm":"sha-256","data":{"base64":"?"}}""")]
    [InlineData("crypto.hash", """{"algorithm":"sha-256","data":{"base64":"","more":1}}""")]
    [InlineData("crypto.hash", """{"algorithm":"sha-256","data":5}""")]
    [InlineData("crypto.random", """{"bytes":0}""")]
    [InlineData("crypto.random", """{"bytes":65537}""")]
    [InlineData("metrics.record", """{"name":"a b","value":1}""")]
    [InlineData("trace.span", """{"name":"a","durationMs":-1}""")]
    [InlineData("trace.span", """{"name":"a","durationMs":3600001}""")]
    [InlineData("timers.set", """{"id":"","delayMs":100}""")]
    public async Task Call_WithWhatMeansNothing_IsInvalid(string call, string arguments)
    {
        CallError? error = null;
        await using var fixture = await StartAsync(async turn => error = (await turn.TryCallAsync(call, arguments, null)).Error);
        await fixture.Extensions.RunCommandAsync($"{Id}.command", null);

        Assert.Equal(ErrorCode.Invalid, error?.Code);
    }

    [Fact]
    public async Task CryptoRandom_Twice_DiffersAndIsAsLongAsAsked()
    {
        var answers = new List<string>();
        await using var fixture = await StartAsync(async turn =>
        {
            for (var i = 0; i < 2; i++) answers.Add((await turn.CallAsync("crypto.random", """{"bytes":32}""")).GetProperty("base64").GetString()!);
        });
        await fixture.Extensions.RunCommandAsync($"{Id}.command", null);

        Assert.Equal(32, Convert.FromBase64String(answers[0]).Length);
        Assert.NotEqual(answers[0], answers[1]);
    }

    [Theory]
    [InlineData("""{ "clipboard": "write" }""", true, null)]
    [InlineData("""{ "clipboard": "write" }""", false, ErrorCode.GestureRequired)]
    [InlineData("{}", true, ErrorCode.PermissionDenied)]
    public async Task ClipboardWrite_NeedsPermissionAndGesture(string permissions, bool hasGesture, string? code)
    {
        CallError? error = null;
        var user = new ScriptedUser();
        await using var fixture = await StartAsync(
            async turn => error = (await turn.TryCallAsync("clipboard.write", """{"text":"a\u001b[2Jb\tc\nd\u0085\u0007"}""", hasGesture ? turn.Message.Gesture : null)).Error,
            permissions);
        fixture.Extensions.UserPrompts = user;
        await fixture.Extensions.RunCommandAsync($"{Id}.command", null);

        Assert.Equal(code, error?.Code);
        Assert.Equal(code is null ? ["copied a[2Jb\tc\nd"] : [], user.Shown);
    }

    [Fact]
    public async Task AuditRead_PageByPage_TellsWhatHappened()
    {
        var pages = new List<JsonElement>();
        await using var fixture = await StartAsync(
            async turn =>
            {
                pages.Add(await turn.CallAsync("audit.read", """{"limit":1}"""));
                pages.Add(await turn.CallAsync("audit.read", $$"""{"after":{{pages[0].GetProperty("cursor").GetInt64()}},"plugin":"{{Id}}"}"""));
            },
            """{ "audit": "read" }""");
        await fixture.OpenTabAsync(Id);
        await fixture.AuditedAsync(Id);

        await fixture.Extensions.RunCommandAsync($"{Id}.command", null);

        Assert.Equal("plugin.activating", Assert.Single(pages[0].GetProperty("entries").EnumerateArray()).GetProperty("call").GetString());
        Assert.Equal("plugin.active", pages[1].GetProperty("entries")[0].GetProperty("call").GetString());
        Assert.Equal(0, pages[1].GetProperty("lost").GetInt64());
    }

    [Fact]
    public async Task AuditRead_WithoutPermission_IsRefused()
    {
        CallError? error = null;
        await using var fixture = await StartAsync(async turn => error = (await turn.TryCallAsync("audit.read", "{}", null)).Error);
        await fixture.Extensions.RunCommandAsync($"{Id}.command", null);

        Assert.Equal(ErrorCode.PermissionDenied, error?.Code);
    }

    [Fact]
    public async Task MetricsRecord_Values_AreInTheStatus()
    {
        CallError? error = null;
        await using var fixture = await StartAsync(
            async turn =>
            {
                foreach (var value in (int[])[3, 1, 2]) await turn.CallAsync("metrics.record", $$"""{"name":"cache.hits","value":{{value}},"unit":"1"}""");
                error = (await turn.TryCallAsync("metrics.record", """{"name":"other","value":1}""", null)).Error;
            },
            limits: RuntimeLimits.OneFrame with { Metrics = 1 });
        await fixture.Extensions.RunCommandAsync($"{Id}.command", null);

        Assert.Equal(new PluginMetric("cache.hits", "1", 3, 2, 1, 3, 6), Assert.Single(fixture.Status(Id).Metrics));
        Assert.Equal(ErrorCode.QuotaExceeded, error?.Code);
    }

    [Fact]
    public async Task Profile_OfAPlugin_HasItsMessagesCallsAndSpans()
    {
        await using var fixture = await StartAsync(turn => turn.CallAsync("trace.span", """{"name":"load","durationMs":5,"attributes":{"b":"2","a":"1"}}"""));
        var profiling = fixture.Host.ProfileAsync(PluginId.Parse(Id), TimeSpan.FromSeconds(1));
        Assert.Null(await fixture.Host.ProfileAsync(PluginId.Parse(Id), TimeSpan.FromSeconds(1)));
        Assert.Null(await fixture.Host.ProfileAsync(PluginId.Parse("acme.other"), TimeSpan.FromSeconds(1)));
        await fixture.Extensions.RunCommandAsync($"{Id}.command", null);

        var profile = await profiling;

        Assert.NotNull(profile);
        Assert.Contains(profile.Entries, entry => entry is { Kind: ProfileKind.Message, Name: "command" });
        Assert.Contains(profile.Entries, entry => entry is { Kind: ProfileKind.HostCall, Name: "trace.span" });
        var span = Assert.Single(profile.Entries, entry => entry.Kind == ProfileKind.Span);
        Assert.Equal(("load (a=1, b=2)", 5.0), (span.Name, Math.Round(span.EndMs - span.StartMs, 6)));
        Assert.All(profile.Entries, entry => Assert.True(entry.EndMs <= profile.DurationMs));
    }

    private void Fired(Turn turn)
    {
        _timers.Enqueue(turn.Payload.GetProperty("id").GetString()!);
        _fired.Release();
    }

    private async Task<HostFixture> StartAsync(Func<Turn, Task> command, string permissions = Permissions.None, RuntimeLimits? limits = null)
    {
        var fixture = await HostFixture.CreateAsync("empty");
        if (limits is not null) fixture.Limits = limits;
        return await fixture.With(Id, permissions, async turn =>
        {
            if (turn.Message.Type == MessageType.Command) await command(turn);
            if (turn.Message.Type == MessageType.Timer) Fired(turn);
            return turn.Message.Type == MessageType.Dehydrate ? "{}" : View;
        }).StartAsync();
    }
}
