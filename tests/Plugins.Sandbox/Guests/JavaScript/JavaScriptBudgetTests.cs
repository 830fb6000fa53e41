namespace LazyOC.Plugins.Sandbox.Guests.JavaScript;

/// <summary>What takes too much is stopped by the right cause, while a second guest goes on answering.</summary>
public sealed class JavaScriptBudgetTests
{
    private const string Plugin = """
        lazyoc.on("event", (payload) => payload);
        lazyoc.on("later", async (payload) => { await 1; return payload; });
        lazyoc.on("loop", () => { for (;;) { try { for (;;); } catch {} finally { for (;;); } } });
        lazyoc.on("asyncLoop", async () => { for (;;) { try { await 1; for (;;); } catch {} finally { for (;;); } } });
        lazyoc.on("regex", () => /^(a+)+$/.test("a".repeat(40) + "b"));
        lazyoc.on("chain", () => { const next = () => Promise.resolve().then(next); return next(); });
        lazyoc.on("getter", () => ({ get x() { for (;;); } }));
        lazyoc.on("thrown", () => { throw { get message() { for (;;); } }; });
        lazyoc.on("continuation", async () => { await lazyoc.call("a"); for (;;); });
        lazyoc.on("bigInt", () => { let x = 3n ** 300000n; for (;;) x = x * x / x; });
        lazyoc.on("deep", () => { const f = () => 1 + f(); return f(); });
        lazyoc.on("deepJson", () => { let x = []; for (let i = 0; i < 200; i++) x = [x]; return x; });
        lazyoc.on("bomb", () => { const all = []; for (;;) all.push(new Array(10000).fill(1)); });
        lazyoc.on("stringBomb", () => { const all = []; for (;;) all.push("x".repeat(1 << 16) + all.length); });
        lazyoc.on("caughtBomb", () => { const all = []; try { for (;;) all.push(new Uint8Array(1 << 20)); } catch (e) { return { error: e.message, all: all.length }; } });
        """;

    [Theory]
    [InlineData("loop")]
    [InlineData("asyncLoop")]
    [InlineData("regex")]
    [InlineData("chain")]
    [InlineData("getter")]
    [InlineData("thrown")]
    [InlineData("continuation")]
    public async Task SendAsync_TurnNeverEnds_IsInterruptedAndTheInstanceLives(string type)
    {
        await using var guest = await TestGuest.StartJavaScriptAsync(Plugin);
        await using var other = await TestGuest.StartJavaScriptAsync(Plugin);
        var endless = guest.FailAsync(type);

        var answered = 0;
        do
        {
            await other.AskAsync("later");
            answered++;
        }
        while (!endless.IsCompleted);

        var fault = await endless;
        Assert.Equal(GuestFaultKind.Interrupted, fault.Kind);
        Assert.Contains("250 ms", fault.Message, StringComparison.Ordinal);
        Assert.False(fault.InstanceLost);
        Assert.True(answered > 1);
        Assert.Equal("""{"x":1}""", await guest.AskAsync("event", """{"x":1}"""));
        Assert.Equal("""{"x":2}""", await guest.AskAsync("later", """{"x":2}"""));
    }

    [Fact]
    public async Task SendAsync_QuickJsDoesNotAskInTime_IsTrappedAndTheInstanceIsLost()
    {
        await using var guest = await TestGuest.StartJavaScriptAsync(Plugin);
        await using var other = await TestGuest.StartJavaScriptAsync(Plugin);

        var fault = await guest.FailAsync("bigInt");

        Assert.Equal(GuestFaultKind.Interrupted, fault.Kind);
        Assert.True(fault.InstanceLost);
        Assert.Equal(fault, await guest.Guest.Ended);
        Assert.Equal("{}", await other.AskAsync("event"));
        Assert.Equal(GuestFaultKind.Cancelled, (await guest.FailAsync("event")).Kind);
    }

    [Fact]
    public async Task SendAsync_DeepRecursion_IsARangeError()
    {
        await using var guest = await TestGuest.StartJavaScriptAsync(Plugin);

        var fault = await guest.FailAsync("deep");

        Assert.Equal(GuestFaultKind.Threw, fault.Kind);
        Assert.Equal("RangeError: Maximum call stack size exceeded", fault.Message);
        Assert.Equal("{}", await guest.AskAsync("event"));
    }

    [Fact]
    public async Task SendAsync_AnswerTooDeep_FailsAndTheInstanceLives()
    {
        await using var guest = await TestGuest.StartJavaScriptAsync(Plugin);

        Assert.Equal(GuestFaultKind.InvalidAnswer, (await guest.FailAsync("deepJson")).Kind);
        Assert.Equal("{}", await guest.AskAsync("event"));
    }

    [Theory]
    [InlineData("bomb")]
    [InlineData("stringBomb")]
    public async Task SendAsync_AllocatesWithoutEnd_RunsOutOfMemory(string type)
    {
        await using var guest = await TestGuest.StartJavaScriptAsync(Plugin, configure: Small);
        await using var other = await TestGuest.StartJavaScriptAsync(Plugin);

        var fault = await guest.FailAsync(type);

        Assert.Equal(GuestFaultKind.OutOfMemory, fault.Kind);
        Assert.InRange(guest.Guest.Usage.MemoryBytes, 0, 8 << 20);
        Assert.Equal("{}", await other.AskAsync("event"));
        if (!fault.InstanceLost)
            Assert.Equal("{}", await guest.AskAsync("event"));
    }

    [Fact]
    public async Task SendAsync_OutOfMemoryCaught_GoesOn()
    {
        await using var guest = await TestGuest.StartJavaScriptAsync(Plugin, configure: Small);

        Assert.Contains("\"error\":\"out of memory\"", await guest.AskAsync("caughtBomb"), StringComparison.Ordinal);
        Assert.Equal("{}", await guest.AskAsync("event"));
    }

    [Fact]
    public async Task SendAsync_MoreMemoryAllowed_HoldsMore()
    {
        await using var guest = await TestGuest.StartJavaScriptAsync(Plugin, configure: options => options with { Limits = options.Limits with { MemoryBytes = 24 << 20 } });

        // The control of the memory limit: with 8 MiB fewer than six fit.
        var answer = await guest.AskAsync("caughtBomb");

        Assert.Matches("\"all\":(1[6-9]|2[0-4])}", answer);
    }

    [Fact]
    public async Task SendAsync_BudgetAllows_LongTurnIsNotInterrupted()
    {
        await using var guest = await TestGuest.StartJavaScriptAsync(
            "lazyoc.on('busy', () => { const end = Date.now() + 400; while (Date.now() < end); return 1; });",
            configure: options => options with { Limits = options.Limits with { TurnCpuMs = 60_000 } });

        Assert.Equal("1", await guest.AskAsync("busy"));
    }

    [Fact]
    public async Task StartAsync_ModuleNeverEnds_FailsInterrupted()
    {
        var fault = await TestGuest.FailJavaScriptAsync("for (;;);", options => options with { Limits = options.Limits with { StartCpuMs = 100 } });

        Assert.Equal(GuestFaultKind.Interrupted, fault.Kind);
        Assert.True(fault.InstanceLost);
    }

    [Fact]
    public async Task StartAsync_CancelledWhileTheModuleRuns_EndsIt()
    {
        using var cancellation = new CancellationTokenSource();
        var options = new GuestOptions
        {
            Name = "test",
            Code = "console.log('in'); for (;;);"u8.ToArray(),
            Limits = new GuestLimits(StartCpuMs: 60_000),
            Call = TestGuest.EchoCall,
            Log = (_, _) => cancellation.Cancel(),
            Time = TimeProvider.System,
        };

        await Assert.ThrowsAsync<OperationCanceledException>(() => GuestFactory.StartAsync(GuestKind.JavaScript, options, cancellation.Token).AsTask());
    }

    [Fact]
    public async Task SendAsync_MoreEndlessGuestsThanThreads_AnotherIsAnswered()
    {
        await using var other = await TestGuest.StartJavaScriptAsync(Plugin);
        var guests = new List<TestGuest>();
        for (var i = 0; i < 12; i++)
            guests.Add(await TestGuest.StartJavaScriptAsync(Plugin));
        var endless = guests.Select(guest => guest.FailAsync("loop")).ToArray();

        Assert.Equal("{}", await other.AskAsync("event"));

        Assert.All(await Task.WhenAll(endless), fault => Assert.False(fault.InstanceLost));
        foreach (var guest in guests)
            await guest.DisposeAsync();
    }

    private static GuestOptions Small(GuestOptions options) =>
        options with { Limits = options.Limits with { MemoryBytes = 8 << 20, TurnCpuMs = 10_000 } };
}
