using System.Text;
using LazyOC.Plugins.Contracts.Calls;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Wasi;
using LazyOC.Wasm;

namespace LazyOC.Plugins.Sandbox.Guests.Extism;

/// <summary>
/// A plugin that is a WebAssembly module of the Extism 1.x guest ABI. A message calls the export of its name, with the
/// whole envelope as input and the answer as output; a host call blocks the thread that runs it.
/// </summary>
internal sealed class ExtismGuest : Guest
{
    /// <summary>The messages a guest need not know.</summary>
    private static readonly string[] Optional = [MessageType.Activate, MessageType.Started, MessageType.Deactivate, MessageType.Dehydrate, MessageType.Hydrate, MessageType.SettingsChanged];

    /// <summary>What prepares a module, by toolchain; the first that is there is called.</summary>
    private static readonly string[] Initializers = ["_initialize", "__wasm_call_ctors"];

    private static readonly byte[] EmptyAnswer = "{}"u8.ToArray();

    private readonly Dictionary<string, Func<int>> _exports = [];
    private readonly ExtismHost _host;
    private readonly WasiContext _wasi;
    private readonly SamplePace _pace;
    private readonly Action _look;

    // Under the gate.
    private WasmInstance? _instance;

    /// <summary>The message being handled; the running thread's own.</summary>
    private Delivery? _current;

    private ExtismGuest(GuestOptions options)
        : base(options, GuestThreads.Blocking, maxInFlight: 1, trapGraceMs: 0)
    {
        _host = new ExtismHost(options, CallAndWait);
        _pace = new SamplePace(Budget);
        _look = Look;
        _wasi = new WasiContext(new WasiOptions
        {
            StandardOutput = new LogStream(PluginLogLevel.Info, options.Log),
            StandardError = new LogStream(PluginLogLevel.Warn, options.Log),
            Mounts = options.Files?.Mounts ?? [],
            Limits = options.Files?.Limits.ForGuest ?? WasiLimits.Default,
            TimeProvider = options.Time,
            Random = options.FillRandom,
        });
    }

    public static ValueTask<GuestStart> StartAsync(GuestOptions options, CancellationToken cancellationToken) =>
        new ExtismGuest(options).StartAsync(cancellationToken);

    protected override long MemoryBytes => _instance?.GetMemory("memory")?.SizeBytes ?? 0;

    protected override GuestFault? Load()
    {
        try
        {
            var module = WasmModule.Load(Options.Code, Options.Limits.Module);
            Budget.Translated = () => module.TranslationTime;
            var linker = _host.Link(_wasi.AddTo(new WasmLinker())).Define("env", "abort", Abort);
            module.Instantiate(linker, new InstanceOptions
            {
                MaxMemoryBytes = Options.Limits.MemoryBytes,
                MaxTableElements = Options.Limits.TableElements,
                StackLimitBytes = Options.Limits.StackBytes,
                OnCreated = SetInstance,
            });
            foreach (var name in Initializers)
            {
                if (!_instance!.TryGetFunction<Action>(name, out var initialize))
                    continue;
                initialize();
                break;
            }
            return null;
        }
        catch (Exception exception) when (exception is WasmFormatException or WasmLinkException)
        {
            return new GuestFault(GuestFaultKind.LoadFailed, exception.Message);
        }
        catch (WasiExitException exit)
        {
            return new GuestFault(GuestFaultKind.LoadFailed, exit.Message);
        }
    }

    protected override GuestFault? Enter(Delivery delivery)
    {
        _current = delivery;
        var message = delivery.Message;
        if (Optional.Contains(message.Type) && _instance!.GetFunction(message.Type) is null)
        {
            Finish(delivery, new GuestReply.Answered(EmptyAnswer));
            return null;
        }
        if (FindExport(message.Type, out var missing) is not { } export)
            return missing;
        var buffer = new byte[EnvelopeWriter.MaxLength(message)];
        _host.BeginMessage(buffer.AsSpan(0, EnvelopeWriter.Write(message, buffer)));
        int code;
        using var sampling = BeginSampling();
        try
        {
            code = export();
        }
        catch (WasiExitException exit)
        {
            return new GuestFault(GuestFaultKind.Trapped, exit.Message, InstanceLost: true);
        }
        if (_host.ReadError() is { } error)
            return new GuestFault(GuestFaultKind.Threw, error);
        if (code != 0)
            return new GuestFault(GuestFaultKind.Threw, $"`{message.Type}` returned {code}");
        var answer = _host.Heap.Output;
        Finish(delivery, Answers.ToReply(answer.IsEmpty ? EmptyAnswer : answer.ToArray(), Options.Limits));
        return null;
    }

    protected override void Trap() => _instance?.Interrupt();

    protected override void DisposeInstance()
    {
        _instance?.Dispose();
        _wasi.Dispose();
    }

    protected override void OnEnding() => _current?.CancelCalls();

    /// <summary>
    /// Looks at the stack now and then while a message is handled, when somebody wants to know: at entries of functions and at
    /// host calls, for looking elsewhere would make all code slower. What a function does after its last check counts for the
    /// next one.
    /// </summary>
    private ITimer? BeginSampling() => Options.Sampler?.Invoke() is { } sampler
        ? Options.Time.CreateTimer(static guest => ((ExtismGuest)guest!)._instance?.AtNextCheck(((ExtismGuest)guest)._look), this, sampler.Interval, sampler.Interval)
        : null;

    private void Look()
    {
        if (Options.Sampler?.Invoke() is { } sampler) _pace.Look(sampler, static () => [.. WasmInstance.RunningFunctions().Select(name => new GuestFrame(name))]);
    }

    /// <summary>The function a message calls; null, with a fault, when there is none that fits.</summary>
    private Func<int>? FindExport(string name, out GuestFault? fault)
    {
        fault = null;
        if (_exports.TryGetValue(name, out var known))
            return known;
        Func<int> export;
        switch (_instance!.GetFunction(name))
        {
            case null:
                fault = new GuestFault(GuestFaultKind.Threw, $"the module exports no function `{name}`\nhint: export one without parameters that returns an i32");
                return null;
            case { Type: { Parameters.IsEmpty: true, Results: [var result] } } function when result == ValType.I32:
                export = function.AsDelegate<Func<int>>();
                break;
            case { Type: { Parameters.IsEmpty: true, Results.IsEmpty: true } } function:
                var action = function.AsDelegate<Action>();
                export = () =>
                {
                    action();
                    return 0;
                };
                break;
            case var function:
                fault = new GuestFault(GuestFaultKind.Threw, $"the module's export `{name}` has type {function.Type}\nhint: export one without parameters that returns an i32");
                return null;
        }
        return _exports[name] = export;
    }

    private void SetInstance(WasmInstance instance)
    {
        lock (Gate)
        {
            _instance = instance;
            if (IsEnding)
                instance.Interrupt();
        }
    }

    /// <summary>AssemblyScript's <c>abort</c>, which its modules import unless told otherwise: strings are UTF-16, their length in bytes before them.</summary>
    private static void Abort(WasmInstance caller, int messageAt, int fileAt, int line, int column) =>
        throw new TrapException(TrapCode.Unreachable, $"{ReadString(caller, (uint)messageAt)} ({ReadString(caller, (uint)fileAt)}:{line}:{column})");

    private static string ReadString(WasmInstance caller, uint address)
    {
        if (address < sizeof(int))
            return "";
        WasmMemory memory;
        try
        {
            memory = caller.Memory;
        }
        catch (WasmLinkException)
        {
            throw new TrapException(TrapCode.MemoryOutOfBounds, "a module without memory called `abort`");
        }
        var bytes = Math.Min(memory.Read<int>(address - sizeof(int)), GuestBounds.FaultTextBytes);
        return Encoding.Unicode.GetString(memory.GetSpan(address, bytes));
    }

    /// <summary>Calls the host and waits: the one place where a guest blocks its thread. Cancelled with the message.</summary>
    private Answer CallAndWait(HostCall call)
    {
        CountCall();
        Look();
        var cancellation = _current?.CallsCancelled ?? CancellationToken.None;
        Budget.Pause();
        try
        {
            // This thread must come back when the call is cancelled, whatever a handler does that takes its time.
            var answer = Options.AnswersAtOnce(call.Name)
                ? CallHostAsync(call, cancellation)
                : Task.Run(() => CallHostAsync(call, cancellation), CancellationToken.None);
            answer.Wait(cancellation);
            return answer.GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            return Answer.Failure(ErrorCode.Cancelled, $"`{call.Name}` was cancelled");
        }
        finally
        {
            Budget.Resume();
        }
    }
}
