using System.Text;
using System.Text.Json;
using LazyOC.Plugins.Contracts.Calls;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Wasm;

namespace LazyOC.Plugins.Sandbox.Guests.Extism;

/// <summary>
/// The host's side of the Extism 1.x guest ABI: every function of <c>extism:host/env</c>, and of
/// <c>extism:host/user</c> the one that carries host calls.
/// </summary>
/// <remarks>
/// Two things differ from Extism. A refused <c>http_request</c> gives block 0 and status 0 and is logged, instead of
/// trapping, which would cost the instance. Configuration keys, variables and log lines in blocks that do not exist
/// are as empty ones. Source: extism 1.x, runtime and kernel.
/// </remarks>
internal sealed class ExtismHost(GuestOptions options, Func<HostCall, Answer> call)
{
    private const string Env = "extism:host/env";
    private const string User = "extism:host/user";

    /// <summary>Extism's number of the level "debug": nothing is held back here.</summary>
    private const int DebugLevel = 1;

    private readonly Dictionary<string, byte[]> _variables = [];
    private int _variableBytes;
    private HttpFetchAnswer? _http;

    public ExtismHeap Heap { get; } = new();

    public WasmLinker Link(WasmLinker linker)
    {
        LinkMemory(linker);
        LinkInputAndOutput(linker);
        return linker
            .Define(Env, "config_get", (long key) => options.Configuration(ReadText(key)) is { } value ? Heap.Put(Encoding.UTF8.GetBytes(value)) : 0)
            .Define(Env, "var_get", (long key) => _variables.TryGetValue(ReadText(key), out var value) ? Heap.Put(value) : 0)
            .Define(Env, "var_set", SetVariable)
            .Define(Env, "http_request", RequestHttp)
            .Define(Env, "http_status_code", () => _http?.Status ?? 0)
            .Define(Env, "http_headers", () => _http is null ? 0 : Heap.Put(JsonSerializer.SerializeToUtf8Bytes(_http.Headers, ExtismJson.Default.DictionaryStringString)))
            .Define(Env, "log_trace", (long line) => Log(PluginLogLevel.Debug, line))
            .Define(Env, "log_debug", (long line) => Log(PluginLogLevel.Debug, line))
            .Define(Env, "log_info", (long line) => Log(PluginLogLevel.Info, line))
            .Define(Env, "log_warn", (long line) => Log(PluginLogLevel.Warn, line))
            .Define(Env, "log_error", (long line) => Log(PluginLogLevel.Error, line))
            .Define(Env, "get_log_level", () => DebugLevel)
            .Define(User, "host_call", CallHost);
    }

    /// <summary>Forgets the blocks of the message before; variables stay.</summary>
    public void BeginMessage(ReadOnlySpan<byte> input)
    {
        Heap.Reset();
        _http = null;
        var offset = Heap.Put(input);
        if (offset == 0)
            throw new GuestMemoryException("the message does not fit the Extism heap");
        Heap.SetInput(offset, input.Length);
    }

    /// <summary>The error the guest has set, if any.</summary>
    public string? ReadError() => Heap.Error == 0 ? null : ReadText(Heap.Error, GuestBounds.FaultTextBytes);

    private void LinkMemory(WasmLinker linker) => linker
        .Define(Env, "alloc", Heap.Allocate)
        .Define(Env, "free", Heap.Free)
        .Define(Env, "length", Heap.Length)
        .Define(Env, "length_unsafe", Heap.Length)
        .Define(Env, "load_u8", (long offset) => (int)Heap.LoadByte(offset))
        .Define(Env, "load_u64", Heap.LoadLong)
        .Define(Env, "store_u8", (long offset, int value) => Heap.StoreByte(offset, (byte)value))
        .Define(Env, "store_u64", Heap.StoreLong)
        .Define(Env, "memory_bytes", () => Heap.SizeBytes)
        .Define(Env, "reset", Heap.Reset);

    private void LinkInputAndOutput(WasmLinker linker) => linker
        .Define(Env, "input_set", Heap.SetInput)
        .Define(Env, "input_offset", () => Heap.InputOffset)
        .Define(Env, "input_length", () => Heap.InputLength)
        .Define(Env, "input_load_u8", (long offset) => (int)Heap.LoadInputByte(offset))
        .Define(Env, "input_load_u64", Heap.LoadInputLong)
        .Define(Env, "output_set", Heap.SetOutput)
        .Define(Env, "output_offset", () => Heap.OutputOffset)
        .Define(Env, "output_length", () => Heap.OutputLength)
        .Define(Env, "error_get", () => Heap.Error)
        .Define(Env, "error_set", (long offset) => { Heap.Error = offset; });

    private void SetVariable(long keyAt, long valueAt)
    {
        var key = ReadText(keyAt);
        if (_variables.Remove(key, out var before))
            _variableBytes -= key.Length + before.Length;
        if (!Heap.TryGet(valueAt, out var value))
            return;
        if (_variableBytes + key.Length + value.Length > GuestBounds.ExtismVariableBytes)
            throw new TrapException(TrapCode.Unreachable, $"the variables would have more than {GuestBounds.ExtismVariableBytes} bytes");
        _variableBytes += key.Length + value.Length;
        _variables.Add(key, value.ToArray());
    }

    private void Log(PluginLogLevel level, long line) => options.Log(level, ReadText(line, GuestBounds.LogLineBytes));

    private string ReadText(long offset, int limit = GuestBounds.ExtismHeapBytes)
    {
        if (!Heap.TryGet(offset, out var bytes))
            return "";
        return bytes.Length <= limit ? Encoding.UTF8.GetString(bytes.Span) : Encoding.UTF8.GetString(bytes.Span[..limit]) + '…';
    }

    // Host calls

    private long CallHost(long requestAt)
    {
        Heap.TryGet(requestAt, out var request);
        var answer = ExtismCalls.TryRead(request, out var hostCall, out var refused) ? call(hostCall) : Refuse(refused.Value);
        return Heap.Put(ExtismCalls.Write(answer));
    }

    private long RequestHttp(long requestAt, long bodyAt)
    {
        _http = null;
        Heap.TryGet(requestAt, out var request);
        Heap.TryGet(bodyAt, out var body);
        var answer = ExtismCalls.TryReadHttp(request, body, out var hostCall, out var complaint)
            ? call(hostCall)
            : Refuse(new RefusedCall("http.fetch", new CallError(ErrorCode.Invalid, complaint)));
        _http = ExtismCalls.ReadHttp(answer, out var reason);
        if (_http is null)
            options.Log(PluginLogLevel.Error, $"http_request: {reason}");
        return Heap.Put(_http?.Body is { } received ? received.Bytes.Span : []);
    }

    private Answer Refuse(RefusedCall refused)
    {
        options.Refused(refused);
        return Answer.Failure(refused.Error.Code, refused.Error.Message);
    }
}
