using LazyOC.Plugins.Contracts.Calls;
using LazyOC.Plugins.Contracts.Messages;

namespace LazyOC.Plugins.Sandbox.Guests.JavaScript;

public sealed class JavaScriptMessageTests
{
    [Fact]
    public async Task SendAsync_HandlerReturnsValue_IsAnswered()
    {
        await using var guest = await TestGuest.StartJavaScriptAsync("lazyoc.on('render', (payload) => ({ got: payload.x }));");

        Assert.Equal("""{"got":[1,"€😀"]}""", await guest.AskAsync("render", """{"x":[1,"€😀"]}"""));
    }

    [Fact]
    public async Task SendAsync_HandlerReturnsPromise_IsAnsweredWithItsValue()
    {
        await using var guest = await TestGuest.StartJavaScriptAsync("lazyoc.on('render', async (payload) => { await 1; await 2; return payload; });");

        Assert.Equal("""{"x":1}""", await guest.AskAsync("render", """{"x":1}"""));
    }

    [Fact]
    public async Task SendAsync_HandlerReturnsUndefined_IsAnsweredWithEmptyObject()
    {
        await using var guest = await TestGuest.StartJavaScriptAsync("lazyoc.on('event', () => {});");

        Assert.Equal("{}", await guest.AskAsync("event"));
    }

    [Fact]
    public async Task SendAsync_Handler_IsGivenTheMessage()
    {
        await using var guest = await TestGuest.StartJavaScriptAsync("lazyoc.on('action', (payload, message) => ({ ...message, frozen: Object.isFrozen(message) }));");

        Assert.Equal(
            """{"id":"m1","type":"action","session":"test","gesture":"g-\"1\"","deadlineMs":60000,"frozen":true}""",
            await guest.AskAsync("action", gesture: "g-\"1\""));
    }

    [Theory]
    [InlineData("activate")]
    [InlineData("started")]
    [InlineData("deactivate")]
    public async Task SendAsync_NoHandlerOfLifecycleMessage_IsAnsweredWithEmptyObject(string type)
    {
        await using var guest = await TestGuest.StartJavaScriptAsync("");

        Assert.Equal("{}", await guest.AskAsync(type));
    }

    [Fact]
    public async Task SendAsync_NoHandler_FailsNamingTheMessage()
    {
        await using var guest = await TestGuest.StartJavaScriptAsync("");

        var fault = await guest.FailAsync("render");

        Assert.Equal(GuestFaultKind.Threw, fault.Kind);
        Assert.Contains("no handler for `render`", fault.Message, StringComparison.Ordinal);
        Assert.Contains("hint:", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SendAsync_HandlerThrows_FailsWithNameMessageAndStack()
    {
        await using var guest = await TestGuest.StartJavaScriptAsync("lazyoc.on('render', function draw() { null.x; });");

        var fault = await guest.FailAsync("render");

        Assert.Equal(GuestFaultKind.Threw, fault.Kind);
        Assert.Equal("TypeError: cannot read property 'x' of null", fault.Message);
        Assert.Equal("    at draw (plugin.js:1:38)", fault.Stack);
        Assert.False(fault.InstanceLost);
    }

    [Fact]
    public async Task SendAsync_HandlerRejects_FailsWithTheReason()
    {
        await using var guest = await TestGuest.StartJavaScriptAsync("lazyoc.on('render', async () => { await 1; throw new RangeError('no'); });");

        Assert.Equal("RangeError: no", (await guest.FailAsync("render")).Message);
    }

    [Theory]
    [InlineData("1n", "BigInt")]
    [InlineData("() => 1", "function")]
    [InlineData("Symbol()", "symbol")]
    [InlineData("globalThis", "circular")]
    [InlineData("{ toJSON() { throw new Error('spite') } }", "spite")]
    public async Task SendAsync_AnswerIsNotJson_FailsAsInvalid(string answer, string complaint)
    {
        await using var guest = await TestGuest.StartJavaScriptAsync($"globalThis.self = globalThis; lazyoc.on('render', () => ({answer}));");

        var fault = await guest.FailAsync("render");

        Assert.Equal(GuestFaultKind.InvalidAnswer, fault.Kind);
        Assert.Contains(complaint, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SendAsync_AnswerTooLarge_FailsAsInvalidAndTheGuestLives()
    {
        await using var guest = await TestGuest.StartJavaScriptAsync("lazyoc.on('render', ({ n }) => 'x'.repeat(n));");

        var fault = await guest.FailAsync("render", $$"""{"n":{{Envelope.MaxBytes}}}""");

        Assert.Equal(GuestFaultKind.InvalidAnswer, fault.Kind);
        Assert.Contains($"{Envelope.MaxBytes + 2} bytes", fault.Message, StringComparison.Ordinal);
        Assert.Equal(Envelope.MaxBytes, (await guest.AskAsync("render", $$"""{"n":{{Envelope.MaxBytes - 2}}}""")).Length);
    }

    [Fact]
    public async Task SendAsync_MessageTooLarge_FailsWithoutEnteringTheGuest()
    {
        await using var guest = await TestGuest.StartJavaScriptAsync("lazyoc.on('render', () => {});");

        var fault = await guest.FailAsync("render", $"\"{new string('x', Envelope.MaxBytes)}\"");

        Assert.Equal(GuestFaultKind.TooLarge, fault.Kind);
        Assert.Equal(0, guest.Guest.Usage.Messages);
    }

    [Fact]
    public async Task SendAsync_LoneSurrogateInAnswer_IsEscaped()
    {
        await using var guest = await TestGuest.StartJavaScriptAsync("lazyoc.on('render', () => '\\ud800');");

        Assert.Equal("""
            "\ud800"
            """, await guest.AskAsync("render"));
    }

    [Fact]
    public async Task SendAsync_MoreThanMayBeInFlight_WaitTheirTurn()
    {
        var release = new TaskCompletionSource();
        var open = 0;
        await using var guest = await TestGuest.StartJavaScriptAsync(
            "lazyoc.on('render', (payload) => lazyoc.call('wait', payload));",
            async (call, _) =>
            {
                Interlocked.Increment(ref open);
                await release.Task;
                return Answer.Success(call.Arguments);
            },
            options => options with { Limits = options.Limits with { MessagesInFlight = 3 } });

        var replies = Enumerable.Range(0, 10).Select(i => guest.AskAsync("render", $$"""{"i":{{i}}}""")).ToArray();
        while (Volatile.Read(ref open) < 3)
            await Task.Yield();
        Assert.Equal(3, guest.Guest.Usage.Messages);
        release.SetResult();

        Assert.Equal(Enumerable.Range(0, 10).Select(i => $$"""{"i":{{i}}}"""), await Task.WhenAll(replies));
        Assert.Equal(10, guest.Guest.Usage.Messages);
    }

    [Fact]
    public async Task SendAsync_PromiseNeverSettles_FailsAtItsDeadline()
    {
        await using var guest = await TestGuest.StartJavaScriptAsync("lazyoc.on('render', () => new Promise(() => {})); lazyoc.on('event', () => {});");

        var reply = Assert.IsType<GuestReply.Failed>(await guest.SendAsync("render", deadlineMs: 50));

        Assert.Equal(GuestFaultKind.Deadline, reply.Fault.Kind);
        Assert.False(reply.Fault.InstanceLost);
        Assert.Equal("{}", await guest.AskAsync("event"));
    }

    [Fact]
    public async Task SendAsync_Cancelled_FailsAndItsHostCallsEnd()
    {
        var callCancelled = new TaskCompletionSource();
        var called = new TaskCompletionSource();
        await using var guest = await TestGuest.StartJavaScriptAsync(
            "let code; lazyoc.on('render', async () => { try { await lazyoc.call('wait'); } catch (e) { code = e.code; } }); lazyoc.on('event', () => code);",
            async (_, cancellationToken) =>
            {
                called.SetResult();
                await using var registration = cancellationToken.Register(callCancelled.SetResult);
                await Task.Delay(Timeout.Infinite, cancellationToken);
                return default;
            });
        using var cancellation = new CancellationTokenSource();
        var reply = guest.SendAsync("render", cancellationToken: cancellation.Token);
        await called.Task;

        await cancellation.CancelAsync();

        Assert.Equal(GuestFaultKind.Cancelled, Assert.IsType<GuestReply.Failed>(await reply).Fault.Kind);
        await callCancelled.Task;
        string code;
        do
            code = await guest.AskAsync("event");
        while (code == "{}");
        Assert.Equal("\"cancelled\"", code);
    }

    [Fact]
    public async Task DisposeAsync_MessagesOpen_AreCancelled()
    {
        var guest = await TestGuest.StartJavaScriptAsync("lazyoc.on('render', () => new Promise(() => {}));");
        var replies = Enumerable.Range(0, 40).Select(_ => guest.SendAsync("render")).ToArray();

        await guest.DisposeAsync();

        Assert.All(await Task.WhenAll(replies), reply => Assert.Equal(GuestFaultKind.Cancelled, Assert.IsType<GuestReply.Failed>(reply).Fault.Kind));
        Assert.Null(await guest.Guest.Ended);
        Assert.True((await guest.FailAsync("render")).InstanceLost);
    }

    [Fact]
    public async Task DisposeAsync_TurnRunning_InterruptsIt()
    {
        var entered = new TaskCompletionSource();
        var guest = await TestGuest.StartJavaScriptAsync(
            "lazyoc.on('render', () => { console.log('in'); for (;;); });",
            configure: options => options with
            {
                Limits = options.Limits with { TurnCpuMs = 60_000 },
                Log = (_, _) => entered.SetResult(),
            });
        var reply = guest.SendAsync("render");
        await entered.Task;

        await guest.DisposeAsync();

        Assert.Equal(GuestFaultKind.Cancelled, Assert.IsType<GuestReply.Failed>(await reply).Fault.Kind);
    }

    [Fact]
    public async Task Usage_AfterMessages_CountsThem()
    {
        await using var guest = await TestGuest.StartJavaScriptAsync("lazyoc.on('render', async () => { await lazyoc.call('a'); throw 1; }); lazyoc.on('event', () => {});");

        await guest.AskAsync("event");
        await guest.FailAsync("render");

        var usage = guest.Guest.Usage;
        Assert.Equal((2, 1, 1), (usage.Messages, usage.Calls, usage.Faults));
        Assert.InRange(usage.MemoryBytes, 1 << 20, 4 << 20);
        Assert.True(usage.Cpu > TimeSpan.Zero);
    }

    [Fact]
    public async Task Log_UnhandledRejection_IsLoggedWithStack()
    {
        await using var guest = await TestGuest.StartJavaScriptAsync("lazyoc.on('event', function lose() { Promise.reject(new Error('lost')); Promise.reject(1).catch(() => {}); });");

        await guest.AskAsync("event");

        // The log follows the reply, in the same turn.
        await guest.AskAsync("activate");
        var (level, line) = Assert.Single(guest.Log);
        Assert.Equal(PluginLogLevel.Error, level);
        Assert.StartsWith("unhandled rejection: Error: lost\n    at lose (plugin.js:1:", line, StringComparison.Ordinal);
    }
}
