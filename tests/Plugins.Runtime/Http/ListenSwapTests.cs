using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Runtime.Lifecycle;

namespace LazyOC.Plugins.Runtime.Tests.Http;

/// <summary>A port while another version takes over.</summary>
public sealed class ListenSwapTests
{
    private const int Swaps = 20;

    [Fact]
    public async Task Swap_UnderRequestsOnOneConnection_AnswersEachOnceByTheOneOrTheOther()
    {
        await using var listen = await ListenFixture.StartAsync(_ => Task.FromResult(AnswerOf(0)));
        var connections = 0;
        using var client = new HttpClient(new SocketsHttpHandler
        {
            UseProxy = false,
            ConnectCallback = async (context, cancellationToken) =>
            {
                Interlocked.Increment(ref connections);
                var socket = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
                await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
                return new System.Net.Sockets.NetworkStream(socket, ownsSocket: true);
            },
        });
        using var done = new CancellationTokenSource();
        var asking = Task.Run(async () =>
        {
            var answers = new List<int>();
            while (!done.IsCancellationRequested || answers[^1] != Swaps)
            {
                using var body = new StringContent("x");
                using var answer = await client.PostAsync($"http://127.0.0.1:{listen.Port}/", body);
                Assert.True(answer.IsSuccessStatusCode, $"{answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
                answers.Add(int.Parse(await answer.Content.ReadAsStringAsync(), System.Globalization.CultureInfo.InvariantCulture));
            }
            return answers;
        });

        for (var i = 1; i <= Swaps; i++)
        {
            var version = i;
            var next = listen.Fixture.Package(ListenFixture.Id, $"1.0.{i}", listen.Permissions, listen.Listening(_ => Task.FromResult(AnswerOf(version))), "onStartup");
            Assert.IsType<PluginChange.Swapped>(Assert.Single(await listen.Fixture.Host.ApplyAsync([next])));
        }
        await done.CancelAsync();
        var answers = await asking;

        Assert.Equal(answers.Order(), answers);
        Assert.Equal(1, connections);
        Assert.Empty(listen.Fixture.Bugs);
    }

    [Fact]
    public async Task Swap_ByAVersionThatDoesNotListen_ClosesThePort()
    {
        await using var listen = await ListenFixture.StartAsync(_ => Task.FromResult(AnswerOf(0)));
        var next = listen.Fixture.Package(ListenFixture.Id, "1.0.1", listen.Permissions, _ => Task.FromResult("{}"), "onStartup");

        Assert.IsType<PluginChange.Swapped>(Assert.Single(await listen.Fixture.Host.ApplyAsync([next])));
        // The replaced instance ends by and by; the host waits for it when it ends.
        await listen.Fixture.Host.ApplyAsync([]);

        Assert.False(await listen.IsOpenAsync());
    }

    [Fact]
    public async Task Swap_ThatFailsAfterListening_LeavesThePortToTheOneBefore()
    {
        await using var listen = await ListenFixture.StartAsync(_ => Task.FromResult(AnswerOf(0)));
        var next = listen.Fixture.Package(ListenFixture.Id, "1.0.1", listen.Permissions, async turn =>
        {
            if (turn.Message.Type == MessageType.Activate)
            {
                await turn.CallAsync("http.listen", $$"""{"port":{{listen.Port}}}""");
                throw new GuestException("not today");
            }
            return AnswerOf(1);
        }, "onStartup");

        Assert.IsType<PluginChange.SwapFailed>(Assert.Single(await listen.Fixture.Host.ApplyAsync([next])));

        Assert.Equal("0", await listen.Client.GetStringAsync(""));
    }

    [Fact]
    public async Task Swap_ByAVersionThatListensAnew_OpensThePortThen()
    {
        await using var listen = await ListenFixture.CreateAsync();
        listen.Fixture.With(ListenFixture.Id, listen.Permissions, _ => Task.FromResult("{}"), "onStartup");
        await listen.Fixture.StartAsync();
        await listen.Fixture.UntilAsync(() => listen.Fixture.Status(ListenFixture.Id).State == PluginState.Active);
        var activated = new TaskCompletionSource();
        var isOpenWhileStaged = false;
        var next = listen.Fixture.Package(ListenFixture.Id, "1.0.1", listen.Permissions, async turn =>
        {
            if (turn.Message.Type == MessageType.Activate)
            {
                await turn.CallAsync("http.listen", $$"""{"port":{{listen.Port}}}""");
                isOpenWhileStaged = await listen.IsOpenAsync();
            }
            if (turn.Message.Type == MessageType.Started) activated.SetResult();
            return turn.Message.Type == MessageType.HttpRequest ? AnswerOf(1) : "{}";
        }, "onStartup");

        Assert.IsType<PluginChange.Swapped>(Assert.Single(await listen.Fixture.Host.ApplyAsync([next])));
        await activated.Task;
        Assert.False(isOpenWhileStaged);
        for (var tries = 0; !await listen.IsOpenAsync(); tries++)
        {
            Assert.True(tries < 500, string.Join('\n', listen.Fixture.LogLines));
            await Task.Delay(10);
        }

        Assert.Equal("1", await listen.Client.GetStringAsync(""));
    }

    private static string AnswerOf(int version) => $$"""{"status":200,"body":"{{version}}"}""";
}
