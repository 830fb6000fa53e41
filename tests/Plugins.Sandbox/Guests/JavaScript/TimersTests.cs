using System.Collections.Concurrent;
using System.Text.Json;
using LazyOC.Plugins.Contracts.Messages;

namespace LazyOC.Plugins.Sandbox.Guests.JavaScript;

/// <summary>The prelude's timers, over a host that notes what is set.</summary>
public sealed class TimersTests
{
    private const string Code = """
        const happened = [];
        let interval;
        lazyoc.on('set', () => {
          setTimeout((a, b) => happened.push(`once ${a} ${b}`), 50, 1, 2);
          interval = setInterval(() => happened.push('again'), 20.7);
          const never = setTimeout(() => happened.push('never'), -1);
          clearTimeout(never);
          clearTimeout(12345);
          return {};
        });
        lazyoc.on('stop', () => { clearInterval(interval); return {}; });
        lazyoc.on('throw', () => { setTimeout(() => { throw new Error('late'); }); return {}; });
        lazyoc.on('async', () => { setTimeout(async () => { await null; throw new Error('later'); }); return {}; });
        lazyoc.on('timer', ({ id }) => { happened.push(`own ${id}`); return {}; });
        lazyoc.on('ask', () => happened);
        """;

    private readonly ConcurrentQueue<string> _calls = [];

    [Fact]
    public async Task SetTimeout_AndItsKin_SetTimersOfTheHost()
    {
        await using var guest = await StartAsync();
        await guest.AskAsync("set");

        await UntilAsync(() => _calls.Count == 4);
        Assert.Equal(
            [
                """timers.clear {"id":"$3"}""",
                """timers.set {"id":"$1","delayMs":50,"repeat":false}""",
                """timers.set {"id":"$2","delayMs":20,"repeat":true}""",
                """timers.set {"id":"$3","delayMs":10,"repeat":false}""",
            ],
            _calls.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Timer_OfACallback_CallsItAndNoHandler()
    {
        await using var guest = await StartAsync();
        await guest.AskAsync("set");

        foreach (var id in (string[])["$1", "$2", "$2", "$3", "mine"]) await guest.AskAsync("timer", $$"""{"id":"{{id}}"}""");
        await guest.AskAsync("stop");
        await guest.AskAsync("timer", """{"id":"$2"}""");

        // What was cleared or has been called is the handler's, if anybody's.
        Assert.Equal("""["once 1 2","again","again","own $3","own mine","own $2"]""", await guest.AskAsync("ask"));
    }

    [Theory]
    [InlineData("throw", "Error: late")]
    [InlineData("async", "Error: later")]
    public async Task Timer_WhoseCallbackThrows_FailsItsMessage(string message, string error)
    {
        await using var guest = await StartAsync();
        await guest.AskAsync(message);

        Assert.Equal(error, (await guest.FailAsync("timer", """{"id":"$1"}""")).Message);
    }

    [Fact]
    public async Task SetTimeout_ThatIsRefused_IsLogged()
    {
        await using var guest = await TestGuest.StartJavaScriptAsync(Code, (_, _) => ValueTask.FromResult(Answer.Failure(ErrorCode.QuotaExceeded, "64 timers are set already")));
        await guest.AskAsync("throw");

        await UntilAsync(() => !guest.Log.IsEmpty);
        Assert.Equal("setTimeout: quota-exceeded: 64 timers are set already", guest.Log.First().Line);
        Assert.Equal("{}", await guest.AskAsync("timer", """{"id":"$1"}"""));
    }

    [Fact]
    public async Task SetTimeout_WithoutAFunction_Throws()
    {
        await using var guest = await StartAsync("lazyoc.on('set', () => setTimeout('code'));");
        Assert.Equal("TypeError: setTimeout: the callback is not a function", (await guest.FailAsync("set")).Message);
    }

    private Task<TestGuest> StartAsync(string code = Code) => TestGuest.StartJavaScriptAsync(code, (call, _) =>
    {
        _calls.Enqueue($"{call.Name} {JsonDocument.Parse(call.Arguments).RootElement.GetRawText()}");
        return ValueTask.FromResult(Answer.Success("{}"u8.ToArray()));
    });

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(15));
        while (!condition()) await Task.Delay(1, patience.Token);
    }
}
