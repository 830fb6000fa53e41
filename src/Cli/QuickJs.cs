using System.Diagnostics;
using System.Text;
using LazyOC.Cli.Commands.Bench.Wasm;
using LazyOC.Wasm;

namespace LazyOC.Cli;

/// <summary>QuickJS as the product runs it, translated by the build, driven through the exports that <c>quickjs.mjs</c> uses.</summary>
internal sealed class QuickJs : IDisposable
{
    private const int MaxStackBytes = 512 << 10;
    private const int BadDescriptor = 8;
    private const long MemoryBytes = 256 << 20;

    private static readonly Lazy<WasmModule> Loaded = new(() => WasmModule.FromPrecompiled(Path.Combine(AppContext.BaseDirectory, "LazyOC.QuickJS.dll")));

    private readonly WasmInstance _instance;
    private readonly Func<int, int> _allocate;
    private readonly Action<int> _free;
    private readonly Func<int, int, int, int, int> _evaluate;
    private readonly Func<int, int> _isException;
    private readonly Func<int> _getException;
    private readonly Func<int, int, int> _getString;
    private readonly Action<int> _freeString;
    private readonly Action<int> _freeValue;
    private readonly int _fileName;
    private readonly int _lengthAt;

    /// <param name="onClock">Called whenever a script asks for the time.</param>
    public QuickJs(Action? onClock = null)
    {
        _instance = Loaded.Value.Instantiate(Imports(onClock), new InstanceOptions { MaxMemoryBytes = MemoryBytes });
        _allocate = _instance.GetFunction<Func<int, int>>("wasm_malloc");
        _free = _instance.GetFunction<Action<int>>("wasm_free");
        _evaluate = _instance.GetFunction<Func<int, int, int, int, int>>("qjs_eval");
        _isException = _instance.GetFunction<Func<int, int>>("qjs_is_exception");
        _getException = _instance.GetFunction<Func<int>>("qjs_get_exception");
        _getString = _instance.GetFunction<Func<int, int, int>>("qjs_get_string_len");
        _freeString = _instance.GetFunction<Action<int>>("qjs_free_cstring");
        _freeValue = _instance.GetFunction<Action<int>>("qjs_free_value");
        _instance.GetFunction<Action>("_initialize")();
        if (_instance.GetFunction<Func<int>>("qjs_init")() != 0) throw new InvalidOperationException("QuickJS did not start");
        _instance.GetFunction<Action<int>>("qjs_set_max_stack_size")(MaxStackBytes);
        _instance.GetFunction<Action<int>>("qjs_set_interrupt_handler")(1);
        _fileName = Write("bench.js").Address;
        _lengthAt = _allocate(sizeof(int));
    }

    /// <summary>Whether machine code made by the build is in use.</summary>
    public static bool UsesNativeImage => Loaded.Value.UsesNativeImage;

    /// <summary>The value of a script as text.</summary>
    public string Evaluate(string script)
    {
        var (address, length) = Write(script);
        var value = _evaluate(address, length, _fileName, 0);
        _free(address);
        var isException = _isException(value) != 0;
        var text = Text(isException ? _getException() : value);
        return isException ? throw new UserError(ExitCode.Failed, $"QuickJS: {text}") : text;
    }

    /// <summary>The value of a script, and the time from its text to that.</summary>
    public Lap Run(string script)
    {
        var started = Stopwatch.GetTimestamp();
        var result = Evaluate(script);
        return new Lap(Stopwatch.GetElapsedTime(started).TotalNanoseconds, result);
    }

    public void Dispose() => _instance.Dispose();

    private string Text(int value)
    {
        var at = _getString(value, _lengthAt);
        var text = _instance.Memory.ReadUtf8((uint)at, _instance.Memory.Read<int>((uint)_lengthAt));
        _freeString(at);
        _freeValue(value);
        return text;
    }

    private (int Address, int Length) Write(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text + '\0');
        var address = _allocate(bytes.Length);
        bytes.CopyTo(_instance.Memory.GetSpan((uint)address, bytes.Length));
        return (address, bytes.Length - 1);
    }

    private static WasmLinker Imports(Action? onClock) => new WasmLinker()
        .Define("env", "host_get_timezone_offset", (int high, int low) => 0)
        .Define("env", "host_interrupt", () => 0)
        .Define("env", "host_promise_rejection", (int promise, int reason, int isHandled) => { })
        .Define("env", "host_module_normalize", (int from, int name) => 0)
        .Define("env", "host_module_load", (int name, int length) => 0)
        .Define("env", "host_call", (int name, int self, int count, int arguments, int length) => 0)
        .Define("wasi_snapshot_preview1", "clock_time_get", (WasmInstance caller, int clock, long precision, int result) =>
        {
            onClock?.Invoke();
            caller.Memory.Write((uint)result, 1_000_000_000L);
            return 0;
        })
        .Define("wasi_snapshot_preview1", "fd_close", (int file) => BadDescriptor)
        .Define("wasi_snapshot_preview1", "fd_fdstat_get", (int file, int result) => BadDescriptor)
        .Define("wasi_snapshot_preview1", "fd_seek", (int file, long offset, int whence, int result) => BadDescriptor)
        .Define("wasi_snapshot_preview1", "fd_write", (int file, int parts, int count, int result) => BadDescriptor)
        .Define("wasi_snapshot_preview1", "random_get", (WasmInstance caller, int buffer, int length) =>
        {
            caller.Memory.GetSpan((uint)buffer, length).Fill(4);
            return 0;
        });
}
