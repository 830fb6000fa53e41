using System.Text;
using System.Text.Json;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Calls;
using LazyOC.Plugins.Contracts.Json;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Sandbox.Broker;
using LazyOC.Plugins.Sandbox.Tests.Network;
using Microsoft.AspNetCore.Http;

namespace LazyOC.Plugins.Sandbox.Guests.Extism;

/// <summary>The Extism ABI as a compiled guest finds it; what each export does is in Fixtures/guest.ts.</summary>
public sealed class ExtismGuestTests
{
    private const string Module = "guest.wasm";

    [Fact]
    public async Task SendAsync_ExportOfTheMessagesName_IsGivenTheEnvelope()
    {
        await using var guest = await TestGuest.StartWasmAsync(Module);

        Assert.Equal(
            """{"v":1,"id":"m1","type":"echo","session":"test","gesture":"G","deadlineMs":60000,"payload":{"x":"€"}}""",
            await guest.AskAsync("echo", """{"x":"€"}""", gesture: "G"));
    }

    [Fact]
    public async Task SendAsync_AbiTraps_AllHold()
    {
        await using var guest = await TestGuest.StartWasmAsync(Module);

        Assert.Equal("[1,2,3]", await guest.AskAsync("abi"));
        Assert.Equal("[1,2,3]", await guest.AskAsync("abi"));
    }

    [Fact]
    public async Task SendAsync_SpanInsideABlock_IsInputAndOutput()
    {
        await using var guest = await TestGuest.StartWasmAsync(Module);

        Assert.Equal("[1]", await guest.AskAsync("span"));
    }

    [Fact]
    public async Task SendAsync_Reset_ForgetsBlocksAndInput()
    {
        await using var guest = await TestGuest.StartWasmAsync(Module);

        Assert.Equal("""{"length":0,"input":0}""", await guest.AskAsync("resets"));
    }

    [Fact]
    public async Task SendAsync_SeveralMessages_GlobalsAndVariablesPersist()
    {
        await using var guest = await TestGuest.StartWasmAsync(Module);

        Assert.Equal("""{"global":1,"variable":1}""", await guest.AskAsync("counter"));
        Assert.Equal("""{"global":2,"variable":2}""", await guest.AskAsync("counter"));
    }

    [Fact]
    public async Task SendAsync_Configuration_IsRead()
    {
        await using var guest = await TestGuest.StartWasmAsync(Module, configure: options => options with { Configuration = name => name == "name" ? "value" : null });

        Assert.Equal("""{"name":"value","none":true}""", await guest.AskAsync("config"));
    }

    [Theory]
    [InlineData("activate")]
    [InlineData("started")]
    [InlineData("deactivate")]
    [InlineData("nothing")]
    public async Task SendAsync_NothingAnswered_IsAnEmptyObject(string type)
    {
        await using var guest = await TestGuest.StartWasmAsync(Module);

        Assert.Equal("{}", await guest.AskAsync(type));
    }

    [Theory]
    [InlineData("render", GuestFaultKind.Threw, "exports no function `render`")]
    [InlineData("parameters", GuestFaultKind.Threw, "export `parameters` has type")]
    [InlineData("error", GuestFaultKind.Threw, "the guest says no")]
    [InlineData("code", GuestFaultKind.Threw, "`code` returned 7")]
    [InlineData("garbage", GuestFaultKind.InvalidAnswer, "not valid JSON")]
    public async Task SendAsync_GuestFails_SaysHowAndLives(string type, GuestFaultKind kind, string message)
    {
        await using var guest = await TestGuest.StartWasmAsync(Module);

        var fault = await guest.FailAsync(type);

        Assert.Equal(kind, fault.Kind);
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
        Assert.False(fault.InstanceLost);
        Assert.StartsWith("""{"global":1""", await guest.AskAsync("counter"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("trap", "unreachable")]
    [InlineData("hoard", "variables would have more than 1048576 bytes")]
    public async Task SendAsync_GuestTraps_CostsTheInstance(string type, string message)
    {
        await using var guest = await TestGuest.StartWasmAsync(Module);

        var fault = await guest.FailAsync(type);

        Assert.Equal(GuestFaultKind.Trapped, fault.Kind);
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
        Assert.True(fault.InstanceLost);
        Assert.Equal(fault, await guest.Guest.Ended);
        Assert.True((await guest.FailAsync("echo")).InstanceLost);
    }

    [Fact]
    public async Task SendAsync_TurnNeverEnds_IsInterruptedWhileOthersAnswer()
    {
        await using var guest = await TestGuest.StartWasmAsync(Module);
        await using var other = await TestGuest.StartWasmAsync(Module);
        var endless = guest.FailAsync("loop");

        var answered = 0;
        do
        {
            await other.AskAsync("echo");
            answered++;
        }
        while (!endless.IsCompleted);

        var fault = await endless;
        Assert.Equal(GuestFaultKind.Interrupted, fault.Kind);
        Assert.True(fault.InstanceLost);
        Assert.True(answered > 1);
    }

    [Fact]
    public async Task SendAsync_GrowsWithoutEnd_IsRefusedAtTheLimit()
    {
        await using var guest = await TestGuest.StartWasmAsync(Module, configure: options => options with { Limits = options.Limits with { MemoryBytes = 4 << 20 } });

        Assert.Matches("\"pages\":(4[89]|5[0-9]|6[0-4])}", await guest.AskAsync("grow"));
        // The counters of a turn are there when it has ended, a moment after its reply.
        await guest.AskAsync("nothing");
        Assert.InRange(guest.Guest.Usage.MemoryBytes, 3 << 20, 4 << 20);
    }

    [Fact]
    public async Task SendAsync_Logs_GoToTheLogAtTheirLevel()
    {
        await using var guest = await TestGuest.StartWasmAsync(Module);

        Assert.Equal("""{"level":1}""", await guest.AskAsync("logs"));
        Assert.Equal(
            [(PluginLogLevel.Debug, "t"), (PluginLogLevel.Debug, "d"), (PluginLogLevel.Info, "i"), (PluginLogLevel.Warn, "w"), (PluginLogLevel.Error, "e"), (PluginLogLevel.Info, "")],
            guest.Log);
    }

    [Fact]
    public async Task HostCall_Granted_GivesOk()
    {
        await using var guest = await TestGuest.StartWasmAsync(Module);

        Assert.Equal("""{"ok":{"name":"kubernetes.list","args":{"limit":3},"gesture":"G"}}""", await guest.AskAsync("call"));
        Assert.Equal(1, guest.Guest.Usage.Calls);
    }

    [Fact]
    public async Task HostCall_Refused_GivesTheError()
    {
        await using var guest = await TestGuest.StartWasmAsync(Module, (_, _) => ValueTask.FromResult(Answer.Failure(ErrorCode.PermissionDenied, "not granted")));

        Assert.Equal("""{"error":{"code":"permission-denied","message":"not granted"}}""", await guest.AskAsync("call"));
    }

    [Fact]
    public async Task HostCall_NotJson_IsInvalidWithoutReachingTheDoor()
    {
        await using var guest = await TestGuest.StartWasmAsync(Module, (_, _) => throw new InvalidOperationException("reached"));

        Assert.StartsWith("""{"error":{"code":"invalid",""", await guest.AskAsync("badCall"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task HostCall_TakesLongerThanTheBudget_CostsNoCpu()
    {
        await using var guest = await TestGuest.StartWasmAsync(
            Module,
            async (_, cancellationToken) =>
            {
                await Task.Delay(400, cancellationToken);
                return Answer.Success("1"u8.ToArray());
            },
            options => options with { Limits = options.Limits with { TurnCpuMs = 150 } });

        Assert.Equal("""{"ok":1}""", await guest.AskAsync("call"));
    }

    [Fact]
    public async Task HostCall_MessageReachesItsDeadline_IsCancelledAndTheNextMessageAnswered()
    {
        var cancelled = new TaskCompletionSource();
        await using var guest = await TestGuest.StartWasmAsync(Module, async (_, cancellationToken) =>
        {
            await using var registration = cancellationToken.Register(cancelled.SetResult);
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return default;
        });

        var reply = Assert.IsType<GuestReply.Failed>(await guest.SendAsync("call", deadlineMs: 50));

        Assert.Equal(GuestFaultKind.Deadline, reply.Fault.Kind);
        await cancelled.Task;
        Assert.StartsWith("""{"global":1""", await guest.AskAsync("counter"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task DisposeAsync_BlockedInAHostCall_ComesBack()
    {
        var called = new TaskCompletionSource();
        var guest = await TestGuest.StartWasmAsync(Module, async (_, cancellationToken) =>
        {
            called.SetResult();
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return default;
        });
        var reply = guest.SendAsync("call");
        await called.Task;

        await guest.DisposeAsync();

        Assert.Equal(GuestFaultKind.Cancelled, Assert.IsType<GuestReply.Failed>(await reply).Fault.Kind);
    }

    [Fact]
    public async Task HttpRequest_Refused_GivesStatusZeroAndALogLine()
    {
        await using var guest = await TestGuest.StartWasmAsync(Module, (_, _) => ValueTask.FromResult(Answer.Failure(ErrorCode.NotFound, "no such call")));

        Assert.Equal("""{"status":0,"body":"","headers":null}""", await guest.AskAsync("http"));
        Assert.Equal((PluginLogLevel.Error, "http_request: no such call (not-found)"), Assert.Single(guest.Log));
    }

    [Fact]
    public async Task HttpRequest_Answered_GivesStatusBodyAndHeaders()
    {
        var arguments = "";
        await using var guest = await TestGuest.StartWasmAsync(Module, (call, _) =>
        {
            arguments = $"{call.Name} {Encoding.UTF8.GetString(call.Arguments.Span)}";
            return ValueTask.FromResult(Answer.Success("""{"status":201,"headers":{"c":"d"},"body":{"base64":"aGk="}}"""u8.ToArray()));
        });

        Assert.Equal("""{"status":201,"body":"hi","headers":{"c":"d"}}""", await guest.AskAsync("http"));
        Assert.Equal("""http.fetch {"url":"https://example.com/","method":"POST","headers":{"a":"b"},"body":"body"}""", arguments);
    }

    [Theory]
    [InlineData("/there", """{"status":200,"body":"arrived"}""", null)]
    [InlineData("http://inside.test:PORT/there", """{"status":0,"body":""}""", "http_request: this plugin has no permission to connect to http://inside.test:PORT (permission-denied)")]
    public async Task HttpRequest_Redirected_GoesThroughTheGateAgain(string location, string expected, string? complaint)
    {
        TestServer? server = null;
        await using var started = server = await TestServer.StartAsync(http => http.Request.Path == "/there"
            ? http.Response.WriteAsync("arrived")
            : TestServer.RedirectTo(location.Replace("PORT", $"{server!.Port}", StringComparison.Ordinal))(http));
        await using var network = new NetworkFixture();
        var plugin = NetworkFixture.Plugin(NetworkFixture.To($"http://127.0.0.1:{server.Port}"));
        await using var guest = await TestGuest.StartWasmAsync(Module, async (call, cancellationToken) =>
        {
            Assert.True(StrictJson.Read(call.Arguments.Span, ContractJson.Default.HttpFetchRequest).TryGet(out var request, out _));
            return await network.FetchAsync(plugin, request, cancellationToken) switch
            {
                CallOutcome<HttpFetchAnswer>.Done done => Answer.Success(JsonSerializer.SerializeToUtf8Bytes(done.Answer, ContractJson.Default.HttpFetchAnswer)),
                CallOutcome<HttpFetchAnswer>.Failed failed => Answer.Failure(failed.Error.Code, failed.Error.Message),
                _ => default,
            };
        });

        Assert.Equal(expected, await guest.AskAsync("request", $$"""{"url":"http://127.0.0.1:{{server.Port}}/here"}"""));

        Assert.Equal(complaint is null ? [] : [(PluginLogLevel.Error, complaint.Replace("PORT", $"{server.Port}", StringComparison.Ordinal))], guest.Log);
        Assert.Equal(complaint is null ? 2 : 1, server.Reached.Count);
    }

    [Fact]
    public async Task StartAsync_StartFunctionNeverEnds_FailsInterrupted()
    {
        var fault = await TestGuest.FailWasmAsync(TestGuest.Fixture("start-loop.wasm"), options => options with { Limits = options.Limits with { StartCpuMs = 100 } });

        Assert.Equal(GuestFaultKind.Interrupted, fault.Kind);
    }

    [Fact]
    public async Task StartAsync_UnknownImport_FailsNamingIt()
    {
        var fault = await TestGuest.FailWasmAsync(TestGuest.Fixture("unknown-import.wasm"));

        Assert.Equal(GuestFaultKind.LoadFailed, fault.Kind);
        Assert.Contains("launch_missiles", fault.Message, StringComparison.Ordinal);
    }

    /// <summary>The memory of tables is the host's, beside that of the guest's linear memory.</summary>
    [Fact]
    public async Task StartAsync_TablesThatAreTooLargeTogether_FailsNamingTheBound()
    {
        // (module (table 60000 funcref) …): one is within the bound, two are not.
        byte[] header = [0x00, 0x61, 0x73, 0x6D, 1, 0, 0, 0], table = [0x70, 0, 0xE0, 0xD4, 0x03];

        var fault = await TestGuest.FailWasmAsync([.. header, 4, 11, 2, .. table, .. table]);
        await using var guest = await TestGuest.StartWasmAsync([.. header, 4, 6, 1, .. table]);

        Assert.Equal(GuestFaultKind.LoadFailed, fault.Kind);
        Assert.Equal($"the tables need 120000 elements, but MaxTableElements is {GuestBounds.TableElements}", fault.Message);
    }

    [Fact]
    public async Task StartAsync_NotAModule_FailsToLoad()
    {
        var fault = await TestGuest.FailWasmAsync(Encoding.UTF8.GetBytes("lazyoc.on('render')"));

        Assert.Equal(GuestFaultKind.LoadFailed, fault.Kind);
        Assert.True(fault.InstanceLost);
    }

    [Fact]
    public async Task Wasi_Output_GoesToTheLogAndNothingIsMounted()
    {
        await using var guest = await TestGuest.StartWasmAsync("wasi.wasm");

        await guest.AskAsync("print");

        Assert.Equal((PluginLogLevel.Info, "hello"), Assert.Single(guest.Log));
        Assert.Equal("`mounted` returned 8", (await guest.FailAsync("mounted")).Message);
    }

    [Fact]
    public async Task Wasi_Exit_CostsTheInstance()
    {
        await using var guest = await TestGuest.StartWasmAsync("wasi.wasm");

        var fault = await guest.FailAsync("exit");

        Assert.Contains("exited with code 3", fault.Message, StringComparison.Ordinal);
        Assert.True(fault.InstanceLost);
    }
}
