using System.Collections.Concurrent;
using LazyOC.Plugins.Contracts.Messages;

namespace LazyOC.Plugins.Sandbox.Guests;

/// <summary>Host calls that are made on the guest's own thread, and those that are not.</summary>
public sealed class CallsAtOnceTests
{
    private const string GuestThreadName = "guest";

    private readonly ConcurrentQueue<string?> _threads = [];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task JavaScriptCall_IsMadeOnTheGuestsThreadOnlyWhenItIsAnsweredAtOnce(bool atOnce)
    {
        await using var guest = await TestGuest.StartJavaScriptAsync(
            """lazyoc.on("action", async () => ({ answer: await lazyoc.call("log.write", { message: "here" }) }));""",
            Answering,
            options => options with { AnswersAtOnce = call => atOnce && call == "log.write" });

        Assert.Equal("""{"answer":{}}""", await guest.AskAsync("action"));

        Assert.Equal(atOnce, Assert.Single(_threads) == GuestThreadName);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task WebAssemblyCall_IsMadeOnTheGuestsThreadOnlyWhenItIsAnsweredAtOnce(bool atOnce)
    {
        await using var guest = await TestGuest.StartWasmAsync("guest.wasm", Answering, options => options with { AnswersAtOnce = _ => atOnce });

        await guest.AskAsync("call");

        Assert.Equal(atOnce, Assert.Single(_threads) == GuestThreadName);
    }

    [Fact]
    public async Task Call_ThatIsNotAnsweredAtOnceAfterAll_IsWaitedForElsewhere()
    {
        var answer = new TaskCompletionSource<Answer>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var guest = await TestGuest.StartJavaScriptAsync(
            """
            lazyoc.on("action", async () => ({ answer: await lazyoc.call("log.write", {}) }));
            lazyoc.on("command", () => ({ alive: true }));
            """,
            async (_, _) => await answer.Task,
            options => options with { AnswersAtOnce = _ => true });

        var waiting = guest.AskAsync("action");
        Assert.Equal("""{"alive":true}""", await guest.AskAsync("command"));
        Assert.False(waiting.IsCompleted);
        answer.SetResult(Answer.Success("{}"u8.ToArray()));

        Assert.Equal("""{"answer":{}}""", await waiting);
    }

    [Fact]
    public async Task Calls_WhoseAnswersWaitForTheGuest_CountAsOpen()
    {
        const int calls = 100, inFlight = 8;
        await using var guest = await TestGuest.StartJavaScriptAsync(
            $$"""
            lazyoc.on("action", async () => {
              const ends = await Promise.allSettled(Array.from({ length: {{calls}} }, () => lazyoc.call("log.write", {})));
              return { done: ends.filter((e) => e.status === "fulfilled").length, refused: ends.filter((e) => e.reason?.code === "quota-exceeded").length };
            });
            """,
            Answering,
            options => options with { AnswersAtOnce = _ => true, Limits = options.Limits with { CallsInFlight = inFlight } });

        Assert.Equal($$"""{"done":{{inFlight}},"refused":{{calls - inFlight}}}""", await guest.AskAsync("action"));
        Assert.Equal(inFlight, _threads.Count);
    }

    [Fact]
    public async Task HostWorkOfACall_CostsTheGuestNoBudget()
    {
        // Far more CPU than the turn has; it is the host's.
        await using var guest = await TestGuest.StartJavaScriptAsync(
            """lazyoc.on("action", async () => ({ answer: await lazyoc.call("log.write", {}) }));""",
            (call, ends) =>
            {
                for (var began = ThreadCpuClock.OfCurrentThread().Read(); ThreadCpuClock.OfCurrentThread().Read() - began < TimeSpan.FromMilliseconds(60);) Thread.SpinWait(100);
                return Answering(call, ends);
            },
            options => options with { AnswersAtOnce = _ => true, Limits = options.Limits with { TurnCpuMs = 20 } });

        Assert.Equal("""{"answer":{}}""", await guest.AskAsync("action"));
    }

    private ValueTask<Answer> Answering(HostCall call, CancellationToken cancellationToken)
    {
        _threads.Enqueue(Thread.CurrentThread.Name);
        return ValueTask.FromResult(Answer.Success("{}"u8.ToArray()));
    }
}
