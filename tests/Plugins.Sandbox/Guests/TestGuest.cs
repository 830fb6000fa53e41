using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using LazyOC.Plugins.Contracts.Calls;
using LazyOC.Plugins.Contracts.Messages;

namespace LazyOC.Plugins.Sandbox.Guests;

/// <summary>A started guest with what it logged and called.</summary>
internal sealed class TestGuest : IAsyncDisposable
{
    private int _lastId;

    private TestGuest(IGuest guest, ConcurrentQueue<(PluginLogLevel Level, string Line)> log) => (Guest, Log) = (guest, log);

    public IGuest Guest { get; }

    public ConcurrentQueue<(PluginLogLevel Level, string Line)> Log { get; }

    public static async Task<TestGuest> StartJavaScriptAsync(string code, HostCallHandler? call = null, Func<GuestOptions, GuestOptions>? configure = null)
    {
        var (start, log) = await TryStartAsync(GuestKind.JavaScript, Encoding.UTF8.GetBytes(code), call, configure);
        return new TestGuest(RunningOf(start), log);
    }

    public static Task<TestGuest> StartWasmAsync(string fixture, HostCallHandler? call = null, Func<GuestOptions, GuestOptions>? configure = null) =>
        StartWasmAsync(Fixture(fixture), call, configure);

    public static async Task<TestGuest> StartWasmAsync(byte[] code, HostCallHandler? call = null, Func<GuestOptions, GuestOptions>? configure = null)
    {
        var (start, log) = await TryStartAsync(GuestKind.WebAssembly, code, call, configure);
        return new TestGuest(RunningOf(start), log);
    }

    public static async Task<GuestFault> FailJavaScriptAsync(string code, Func<GuestOptions, GuestOptions>? configure = null)
    {
        var (start, _) = await TryStartAsync(GuestKind.JavaScript, Encoding.UTF8.GetBytes(code), null, configure);
        return Assert.IsType<GuestStart.Failed>(start).Fault;
    }

    public static async Task<GuestFault> FailWasmAsync(byte[] code, Func<GuestOptions, GuestOptions>? configure = null)
    {
        var (start, _) = await TryStartAsync(GuestKind.WebAssembly, code, null, configure);
        return Assert.IsType<GuestStart.Failed>(start).Fault;
    }

    private static IGuest RunningOf(GuestStart start) =>
        start is GuestStart.Running running ? running.Guest : throw new InvalidOperationException(start.ToString());

    public static byte[] Fixture(string name) =>
        File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Guests", "Extism", "Fixtures", name));

    public ValueTask DisposeAsync() => Guest.DisposeAsync();

    public Task<GuestReply> SendAsync(string type, string payload = "{}", string? gesture = null, int deadlineMs = 60_000, CancellationToken cancellationToken = default) =>
        Guest.SendAsync(
            new Envelope
            {
                Id = $"m{Interlocked.Increment(ref _lastId)}",
                Type = type,
                Session = "test",
                Gesture = gesture,
                DeadlineMs = deadlineMs,
                Payload = Encoding.UTF8.GetBytes(payload),
            },
            cancellationToken).AsTask();

    /// <summary>Sends a message that must be answered.</summary>
    public async Task<string> AskAsync(string type, string payload = "{}", string? gesture = null)
    {
        var reply = await SendAsync(type, payload, gesture);
        return reply is GuestReply.Answered answered
            ? Encoding.UTF8.GetString(answered.Json.Span)
            : throw new InvalidOperationException(reply.ToString());
    }

    /// <summary>Sends a message that must fail.</summary>
    public async Task<GuestFault> FailAsync(string type, string payload = "{}") =>
        Assert.IsType<GuestReply.Failed>(await SendAsync(type, payload)).Fault;

    public static ValueTask<Answer> EchoCall(HostCall call, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Answer.Success(JsonSerializer.SerializeToUtf8Bytes(new
        {
            name = call.Name,
            args = JsonDocument.Parse(call.Arguments).RootElement,
            gesture = call.Gesture,
        })));

    private static async Task<(GuestStart Start, ConcurrentQueue<(PluginLogLevel Level, string Line)> Log)> TryStartAsync(
        GuestKind kind, byte[] code, HostCallHandler? call, Func<GuestOptions, GuestOptions>? configure)
    {
        var log = new ConcurrentQueue<(PluginLogLevel Level, string Line)>();
        var options = new GuestOptions
        {
            Name = "test",
            Code = code,
            Limits = new GuestLimits(),
            Call = call ?? EchoCall,
            Log = (level, line) => log.Enqueue((level, line)),
            Time = TimeProvider.System,
        };
        return (await GuestFactory.StartAsync(kind, configure?.Invoke(options) ?? options, CancellationToken.None), log);
    }
}
